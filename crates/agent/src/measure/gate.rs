//! The gate: waits until the machine is quiet, or until there is no more time to wait.
//!
//! The load average does not tell: it lags by a minute and counts what waits for a drive.

use std::collections::VecDeque;
use std::time::Duration;

use crate::probe::Root;
use crate::probe::activity::{Pressure, Times, pressure, times};

/// Time between two looks.
pub(super) const LOOK: Duration = Duration::from_millis(100);
/// So many looks in a row make a quiet machine.
const LOOKS: usize = 6;
/// From here on a machine is busy: where the verdict calls background load `busy`.
const BUSY_PERCENT: f64 = 10.0;
/// A thread that happens to wake up when we look does not make a machine busy.
const CHANCE: f64 = 0.5;

/// What the machine was like when the gate opened.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Gate {
    /// Still busy when the time was up.
    pub(super) busy: bool,
    /// Processor time in use during the last looks, percent of all processors' time.
    pub(super) busy_percent: Option<f64>,
}

/// One look.
struct Look {
    times: Times,
    pressure: [Option<Pressure>; 3],
    /// Time since the first look.
    at: Duration,
}

/// Waits for `most`; `pause` lets the time pass that it is given, and says how much did.
pub(super) fn wait(root: &Root, most: Duration, pause: &mut dyn FnMut(Duration) -> Duration) -> Gate {
    let mut looks: VecDeque<Look> = VecDeque::new();
    let mut waited = Duration::ZERO;
    loop {
        let Some(times) = times(root) else { return Gate::default() };
        let pressure = ["cpu", "io", "memory"].map(|resource| pressure(root, resource));
        looks.push_back(Look { times, pressure, at: waited });
        if looks.len() > LOOKS {
            looks.pop_front();
        }
        let gate = judge(&looks);
        if (looks.len() == LOOKS && !gate.busy) || waited + LOOK > most {
            return gate;
        }
        waited += pause(LOOK);
    }
}

/// Busy where the processors work, threads wait for one, or somebody waits for something.
fn judge(looks: &VecDeque<Look>) -> Gate {
    let (Some(first), Some(last)) = (looks.front(), looks.back()) else { return Gate::default() };
    let passed = last.times.since(&first.times);
    let busy_percent = passed.percent(passed.busy);
    let processors = last.times.each.len().max(1) as f64;
    // One of them is the thread that looks.
    let others = looks.iter().filter_map(|look| Some(look.times.runnable?.saturating_sub(1) as f64));
    let others = others.sum::<f64>() / looks.len() as f64;
    let waiting = first.pressure.iter().zip(&last.pressure).filter_map(|(before, now)| {
        let stalled_us = now.as_ref()?.total_us.saturating_sub(before.as_ref()?.total_us);
        let span_us = last.at.saturating_sub(first.at).as_micros();
        (span_us > 0).then(|| 100.0 * stalled_us as f64 / span_us as f64)
    });
    let busy = busy_percent.is_some_and(|percent| percent >= BUSY_PERCENT)
        || others > processors * BUSY_PERCENT / 100.0 + CHANCE
        || waiting.reduce(f64::max).is_some_and(|percent| percent >= BUSY_PERCENT);
    Gate { busy, busy_percent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::tree_tests::Tree;

    /// Lets time pass on a machine of two processors whose script says how busy they are.
    struct Script {
        tree: Tree,
        looks: u64,
        busy: u64,
        stalled: u64,
    }

    impl Script {
        fn new() -> Self {
            let script = Self { tree: Tree::new(), looks: 0, busy: 0, stalled: 0 };
            script.write(1);
            script
        }

        fn write(&self, runnable: u64) {
            let idle = self.looks * 20 - self.busy;
            let (busy, stalled) = (self.busy, self.stalled);
            self.tree.write(
                "/proc/stat",
                &format!(
                    "cpu {busy} 0 0 {idle} 0 0 0 0\ncpu0 {busy} 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0\n\
                     procs_running {runnable}\n"
                ),
            );
            self.tree.write("/proc/pressure/io", &format!("some avg10=0.00 total={stalled}\n"));
        }

        /// A tenth of a second: of 20 ticks so many are busy.
        fn pass(&mut self, busy: u64, stalled_us: u64, runnable: u64) -> Duration {
            self.looks += 1;
            self.busy += busy;
            self.stalled += stalled_us;
            self.write(runnable);
            LOOK
        }
    }

    fn run(most: Duration, mut pass: impl FnMut(&mut Script) -> Duration) -> (Gate, u64) {
        let mut script = Script::new();
        let root = script.tree.root();
        let gate = wait(&root, most, &mut |_| pass(&mut script));
        (gate, script.looks)
    }

    #[test]
    fn a_quiet_machine_opens_it_after_half_a_second() {
        let (gate, looks) = run(Duration::from_secs(3), |script| script.pass(1, 0, 1));
        assert_eq!((gate.busy, gate.busy_percent, looks), (false, Some(5.0), 5));
    }

    #[test]
    fn it_waits_until_the_work_is_done() {
        let (gate, looks) = run(Duration::from_secs(3), |script| {
            let busy = if script.looks < 10 { 20 } else { 0 };
            script.pass(busy, 0, 1)
        });
        assert!(!gate.busy);
        assert_eq!(looks, 15);
    }

    #[test]
    fn a_machine_that_stays_busy_is_told_when_the_time_is_up() {
        let (gate, looks) = run(Duration::from_secs(3), |script| script.pass(10, 0, 2));
        assert_eq!((gate.busy, gate.busy_percent, looks), (true, Some(50.0), 30));
    }

    #[test]
    fn threads_that_wait_for_a_processor_or_a_drive_make_it_busy_too() {
        assert!(run(Duration::from_secs(1), |script| script.pass(0, 0, 3)).0.busy);
        assert!(run(Duration::from_secs(1), |script| script.pass(0, 50_000, 1)).0.busy);
        let pressed_by_us = run(Duration::from_secs(1), |script| script.pass(0, 500, 1)).0;
        assert!(!pressed_by_us.busy);
    }

    #[test]
    fn without_anything_to_see_it_does_not_wait() {
        let gate = wait(&Tree::new().root(), Duration::from_secs(3), &mut |_| panic!("nothing to wait for"));
        assert_eq!(gate, Gate::default());
    }
}
