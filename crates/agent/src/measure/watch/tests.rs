//! What the watch sees on machines that are written by script, up to the verdict.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use report::measurement::Verdict;
use report::verdict::{ReasonCode, judge};

use super::*;
use crate::probe::tree_tests::Tree;

/// A machine of two processors, and its clocks.
struct Machine {
    tree: Tree,
    wall: Arc<AtomicI64>,
    /// Ticks so far: busy, idle, stolen.
    ticks: [u64; 3],
    own: u64,
}

struct Clock(Arc<AtomicI64>);

impl Clocks for Clock {
    fn wall_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn steady_ms(&self) -> i64 {
        0
    }
}

impl Machine {
    fn new() -> Self {
        let mut machine =
            Self { tree: Tree::new(), wall: Arc::new(AtomicI64::new(0)), ticks: [0; 3], own: 0 };
        machine.tree.write("/sys/devices/system/cpu/online", "0-1\n");
        machine.pass([0; 3], 0);
        machine
    }

    fn eye(&self) -> Eye {
        Eye::new(self.tree.root(), Box::new(Clock(Arc::clone(&self.wall))))
    }

    /// Time passes: busy, idle and stolen ticks; of the busy ones so many are ours.
    fn pass(&mut self, ticks: [u64; 3], own: u64) {
        self.ticks.iter_mut().zip(ticks).for_each(|(sum, more)| *sum += more);
        self.own += own;
        let [busy, idle, stolen] = self.ticks;
        self.tree.write(
            "/proc/stat",
            &format!(
                "cpu {busy} 0 0 {idle} 0 0 0 {stolen}\ncpu0 {busy} 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0\n"
            ),
        );
        let stat = format!("500 (benchtools) S 1 1 1 0 -1 0 0 0 0 0 {} 0 0 0 20 0 1", self.own);
        self.tree.write("/proc/self/stat", &stat);
        self.tree.write("/proc/500/stat", &stat);
    }

    fn mhz(&self, mhz: u64) {
        let khz = format!("{}\n", mhz * 1000);
        self.tree.write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", &khz);
    }

    /// Watches the processor's tests while `happen` goes on, and judges one of their figures.
    fn verdict(&mut self, happen: impl FnOnce(&mut Self, &mut Eye)) -> (Verdict, Vec<ReasonCode>) {
        let mut eye = self.eye();
        eye.begin();
        eye.test("cpu.events_per_sec_multi");
        happen(self, &mut eye);
        let watch = eye.end();
        let report = serde_json::json!({
            "device_identifier": "watched",
            "environment": {"components": {"cpu": watch}, "during": eye.during()},
            "measurements": [{"metric": "cpu.integer_mops_multi", "value": 1.0, "params": {"threads": 2}}],
        });
        let judgement = judge(&report::parse(report.to_string().as_bytes()).unwrap());
        let judged = &judgement.measurements[0];
        (judged.verdict, judged.reasons.iter().map(|reason| reason.code).collect())
    }
}

#[test]
fn our_own_work_is_no_background() {
    let seen = Machine::new().verdict(|machine, _| machine.pass([180, 20, 0], 179));
    assert_eq!(seen, (Verdict::Valid, vec![]));
}

#[test]
fn the_work_of_others_is_busy() {
    let seen = Machine::new().verdict(|machine, _| machine.pass([180, 20, 0], 130));
    assert_eq!(seen, (Verdict::Suspect, vec![ReasonCode::Busy]));
    let little = Machine::new().verdict(|machine, _| machine.pass([180, 20, 0], 172));
    assert_eq!(little, (Verdict::Valid, vec![ReasonCode::BackgroundTasks]));
}

#[test]
fn stolen_time() {
    let much = Machine::new().verdict(|machine, _| machine.pass([950, 30, 20], 950));
    assert_eq!(much, (Verdict::Suspect, vec![ReasonCode::Steal]));
    let little = Machine::new().verdict(|machine, _| machine.pass([950, 45, 5], 950));
    assert_eq!(little, (Verdict::Valid, vec![ReasonCode::StealMinor]));
}

#[test]
fn a_frequency_that_falls_is_throttling() {
    let run = |last: u64| {
        Machine::new().verdict(|machine, eye| {
            for look in 0..16 {
                machine.mhz(if look < 12 { 4000 } else { last });
                machine.pass([10, 0, 0], 10);
                eye.look(look % 5 == 0);
            }
        })
    };
    assert_eq!(run(3000), (Verdict::Suspect, vec![ReasonCode::Throttled]));
    assert_eq!(run(3800), (Verdict::Valid, vec![]));
}

#[test]
fn a_turbo_that_falls_when_all_threads_start_is_not() {
    let seen = Machine::new().verdict(|machine, eye| {
        for look in 0..20 {
            let all = look >= 10;
            eye.test(if all { "cpu.prime_multi" } else { "cpu.prime_single" });
            machine.mhz(if all { 3000 } else { 4500 });
            machine.pass([10, 0, 0], 10);
            eye.look(false);
        }
    });
    assert_eq!(seen, (Verdict::Valid, vec![]));
}

#[test]
fn slow_cores_in_turn_with_fast_ones_are_not() {
    let seen = Machine::new().verdict(|machine, eye| {
        for look in 0..40 {
            let fast = look % 4 < 2 && look < 30;
            machine.mhz(if fast { 5000 } else { 3800 });
            let highest = if fast { "5100000\n" } else { "3900000\n" };
            machine.tree.write("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", highest);
            machine.pass([10, 0, 0], 10);
            eye.look(false);
        }
    });
    assert_eq!(seen, (Verdict::Valid, vec![]));
}

#[test]
fn throttle_counters_that_move_are_throttling() {
    let counter = "/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count";
    let mut machine = Machine::new();
    machine.tree.write(counter, "7\n");
    assert_eq!(machine.verdict(|_, _| {}), (Verdict::Valid, vec![]));
    let seen = machine.verdict(|machine, _| machine.tree.write(counter, "9\n"));
    assert_eq!(seen, (Verdict::Suspect, vec![ReasonCode::Throttled]));
}

#[test]
fn powersave_is_a_matter_of_the_driver() {
    let governor = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    let driver = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver";
    let mut machine = Machine::new();
    machine.tree.write(governor, "powersave\n");
    machine.tree.write(driver, "acpi-cpufreq\n");
    assert_eq!(machine.verdict(|_, _| {}), (Verdict::Suspect, vec![ReasonCode::Powersave]));
    machine.tree.write(driver, "intel_pstate\n");
    assert_eq!(machine.verdict(|_, _| {}), (Verdict::Valid, vec![ReasonCode::GovernorPowersave]));
}

#[test]
fn on_battery_for_a_moment_is_on_battery() {
    let mut machine = Machine::new();
    let online = "/sys/class/power_supply/AC/online";
    machine.tree.write("/sys/class/power_supply/AC/type", "Mains\n");
    machine.tree.write(online, "1\n");
    assert_eq!(machine.verdict(|_, eye| eye.look(true)), (Verdict::Valid, vec![]));
    let seen = machine.verdict(|machine, eye| {
        machine.tree.write(online, "0\n");
        eye.look(true);
        machine.tree.write(online, "1\n");
    });
    assert_eq!(seen, (Verdict::Suspect, vec![ReasonCode::OnBattery]));
}

#[test]
fn a_supply_that_is_too_weak() {
    let word = "/sys/devices/platform/soc/soc:firmware/get_throttled";
    let mut machine = Machine::new();
    machine.tree.write(word, "0\n");
    assert_eq!(machine.verdict(|_, eye| eye.look(true)), (Verdict::Valid, vec![]));
    let seen = machine.verdict(|machine, eye| {
        machine.tree.write(word, "50005\n");
        eye.look(true);
        machine.tree.write(word, "50000\n");
    });
    assert_eq!(seen, (Verdict::Suspect, vec![ReasonCode::UnderVoltage]));
}

#[test]
fn a_clock_that_is_set_leaves_no_figure() {
    let set = |by: i64| {
        Machine::new().verdict(|machine, _| {
            machine.wall.fetch_add(by, Ordering::Relaxed);
        })
    };
    assert_eq!(set(-3_600_000), (Verdict::Invalid, vec![ReasonCode::ClockMoved]));
    assert_eq!(set(20), (Verdict::Valid, vec![]), "a clock may be disciplined");
}

#[test]
fn swapping_and_lost_processors_and_quotas() {
    let mut machine = Machine::new();
    machine.tree.write("/proc/vmstat", "pswpin 0\npswpout 100\n");
    let swapped =
        machine.verdict(|machine, _| machine.tree.write("/proc/vmstat", "pswpin 300\npswpout 100\n"));
    assert_eq!(swapped, (Verdict::Suspect, vec![ReasonCode::Swapped]));
    let lost = machine.verdict(|machine, _| machine.tree.write("/sys/devices/system/cpu/online", "0\n"));
    assert_eq!(lost, (Verdict::Invalid, vec![ReasonCode::CoreLost]));
    machine.tree.write("/proc/self/cgroup", "0::/box\n");
    machine.tree.write("/sys/fs/cgroup/box/cpu.max", "50000 100000\n");
    assert_eq!(machine.verdict(|_, _| {}), (Verdict::Suspect, vec![ReasonCode::CpuQuota]));
}

#[test]
fn conditions_are_means_and_the_highest_temperature() {
    let mut machine = Machine::new();
    let zone = |celsius: u32| {
        machine.tree.write("/sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
        machine.tree.write("/sys/class/thermal/thermal_zone0/temp", &format!("{celsius}000\n"));
    };
    zone(50);
    machine.tree.write("/proc/loadavg", "1.00 0 0 1/2 3\n");
    let mut eye = machine.eye();
    let before = eye.now();
    assert_eq!(before.load_1m.map(Quantity::get), Some(1.0));
    eye.begin();
    eye.look(true);
    zone(90);
    machine.tree.write("/proc/loadavg", "2.00 0 0 1/2 3\n");
    eye.look(true);
    zone(70);
    let watch = eye.end();
    assert_eq!(watch.cpu_temp_max_c.map(Celsius::get), Some(90.0));
    let during = eye.during();
    assert_eq!(during.cpu_temp_c.map(Celsius::get), Some(90.0));
    assert_eq!(during.load_1m.map(Quantity::get), Some(5.0 / 3.0));
    machine.pass([0; 3], 0);
    assert_eq!(eye.now().cpu_temp_c.map(Celsius::get), Some(70.0));
}
