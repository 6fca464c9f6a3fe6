//! /proc/stat: how the processors spent their time.

use crate::probe::root::Root;

/// Time since the start of the machine, in the kernel's ticks, and the threads that want to run now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Programs and the kernel for them; interrupts are nobody's.
    pub(crate) busy: u64,
    /// Taken by the hypervisor.
    pub(crate) stolen: u64,
    /// Everything, of all processors.
    pub(crate) total: u64,
    /// `busy` of each processor that is online, by its number.
    pub(crate) each: Vec<(u64, u64)>,
    /// Threads that run or could run, the reader included.
    pub(crate) runnable: Option<u64>,
}

impl Times {
    /// What passed between an earlier moment and this one; counters that fell back count as standing still.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            busy: self.busy.saturating_sub(earlier.busy),
            stolen: self.stolen.saturating_sub(earlier.stolen),
            total: self.total.saturating_sub(earlier.total),
            each: self
                .each
                .iter()
                .filter_map(|(number, busy)| {
                    let (_, before) = earlier.each.iter().find(|(known, _)| known == number)?;
                    Some((*number, busy.saturating_sub(*before)))
                })
                .collect(),
            runnable: self.runnable,
        }
    }

    /// Part of all processors' time, percent; `None` before the first tick.
    pub(crate) fn percent(&self, ticks: u64) -> Option<f64> {
        (self.total > 0).then(|| (100.0 * ticks as f64 / self.total as f64).min(100.0))
    }

    /// The processor with the most work.
    pub(crate) fn busiest(&self) -> Option<u64> {
        self.each.iter().max_by_key(|(_, busy)| *busy).map(|(number, _)| *number)
    }
}

/// Reads the times; `None` where there are none.
pub(crate) fn times(root: &Root) -> Option<Times> {
    let text = root.text("/proc/stat")?;
    let mut times = Times::default();
    let mut found = false;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let Some(key) = words.next() else { continue };
        if key == "procs_running" {
            times.runnable = words.next().and_then(|count| count.parse().ok());
        } else if let Some(number) = key.strip_prefix("cpu") {
            // user nice system idle iowait irq softirq steal; guests' time is within user and nice.
            let mut ticks = [0_u64; 8];
            ticks.iter_mut().zip(words).for_each(|(place, word)| *place = word.parse().unwrap_or(0));
            let busy = ticks[..3].iter().fold(0, |sum: u64, part| sum.saturating_add(*part));
            if number.is_empty() {
                found = true;
                times.busy = busy;
                times.stolen = ticks[7];
                times.total = ticks.iter().fold(0, |sum, part| sum.saturating_add(*part));
            } else if let Ok(number) = number.parse() {
                times.each.push((number, busy));
            }
        }
    }
    found.then_some(times)
}

#[cfg(test)]
mod tests {
    use super::super::super::tree_tests::Tree;
    use super::*;

    #[test]
    fn the_difference_of_two_moments() {
        let tree = Tree::new();
        tree.write(
            "/proc/stat",
            "cpu  100 0 50 800 10 5 5 30 7 0\ncpu0 60 0 20 400 5 5 5 15 7 0\n\
             cpu1 40 0 30 400 5 0 0 15 0 0\nprocs_running 3\n",
        );
        let first = times(&tree.root()).unwrap();
        assert_eq!((first.busy, first.stolen, first.total, first.runnable), (150, 30, 1000, Some(3)));
        tree.write(
            "/proc/stat",
            "cpu  110 0 50 870 10 5 5 50 7 0\ncpu0 60 0 20 450 5 5 5 15 7 0\ncpu1 50 0 30 420 5 0 0 35 0 0\n",
        );
        let passed = times(&tree.root()).unwrap().since(&first);
        assert_eq!(passed.percent(passed.busy), Some(10.0));
        assert_eq!(passed.percent(passed.stolen), Some(20.0));
        assert_eq!(passed.busiest(), Some(1));
        assert_eq!(first.since(&first).percent(0), None);
        assert_eq!(times(&Tree::new().root()), None);
    }
}
