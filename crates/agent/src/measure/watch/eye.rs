//! What is looked at, look by look; without a thread and without a clock of its own.

use std::collections::BTreeMap;
use std::mem;

use report::environment::{Conditions, Watch};
use report::number::{Celsius, Percent, Quantity, Real, Whole};
use report::text::Name;

use super::Clocks;
use super::span::{Moment, fall};
use crate::probe::Root;
use crate::probe::activity::{
    Speed, Times, busy_speed, cpu_temperature, governor, load_1m, power_source, pressure, quota,
    swap_used_mb, times, under_voltage,
};

/// How many threads work in a test: frequencies compare only between equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Threads {
    One,
    All,
}

/// One look.
#[derive(Clone, Debug)]
struct Look {
    threads: Threads,
    speed: Option<Speed>,
    slow: Option<Slow>,
}

/// What changes slowly.
#[derive(Clone, Debug)]
struct Slow {
    load: Option<f64>,
    celsius: Option<f64>,
    /// Pressure on cpu, io and memory.
    pressure: [Option<f64>; 3],
    swap_mb: Option<f64>,
    power: Option<&'static str>,
    governor: Option<String>,
    under_voltage: Option<bool>,
}

/// The evidence so far.
pub(super) struct Eye {
    root: Root,
    clocks: Box<dyn Clocks>,
    last: Option<Times>,
    threads: Threads,
    begun: Option<Moment>,
    /// Looks at the component that is being measured.
    looks: Vec<Look>,
    /// Looks at all before it.
    earlier: Vec<Look>,
    /// Stolen, and all time, while components were measured.
    stolen: Times,
}

impl Eye {
    pub(super) fn new(root: Root, clocks: Box<dyn Clocks>) -> Self {
        let last = times(&root);
        let (looks, earlier) = (Vec::new(), Vec::new());
        Self {
            root,
            clocks,
            last,
            threads: Threads::One,
            begun: None,
            looks,
            earlier,
            stolen: Times::default(),
        }
    }

    /// Looks once; what is seen while nothing is measured is not kept.
    pub(super) fn look(&mut self, slowly: bool) {
        let speed = self.speed();
        let slow = slowly.then(|| Slow::read(&self.root));
        if self.begun.is_some() {
            self.looks.push(Look { threads: self.threads, speed, slow });
        }
    }

    fn speed(&mut self) -> Option<Speed> {
        let now = times(&self.root)?;
        let span = now.since(self.last.as_ref().unwrap_or(&now));
        self.last = Some(now);
        busy_speed(&self.root, &span)
    }

    pub(super) fn begin(&mut self) {
        self.earlier.append(&mut self.looks);
        self.threads = Threads::One;
        self.begun = Some(Moment::read(&self.root, &*self.clocks));
        self.last = times(&self.root);
    }

    pub(super) fn test(&mut self, metric: &str) {
        let all = metric.ends_with("_multi") || metric == "memory.throughput_mib_s";
        self.threads = if all { Threads::All } else { Threads::One };
    }

    pub(super) fn end(&mut self) -> Watch {
        self.look(true);
        let Some(first) = self.begun.take() else { return Watch::default() };
        let last = Moment::read(&self.root, &*self.clocks);
        let span = last.since(&first);
        if let Some(times) = &span.times {
            self.stolen.stolen += times.stolen;
            self.stolen.total += times.total;
        }
        let slow = || self.looks.iter().filter_map(|look| look.slow.as_ref());
        let ends = self.fall();
        let highest = slow().filter_map(|slow| slow.celsius).reduce(f64::max);
        let told: Vec<bool> = slow().filter_map(|slow| slow.under_voltage).collect();
        let governor = governor(&self.root);
        Watch {
            background_percent: span.background_percent().and_then(Percent::measured),
            gate_timed_out: None,
            steal_percent: span.steal_percent().and_then(Percent::measured),
            freq_first_mhz: ends.and_then(|(first, _)| Quantity::new(first)),
            freq_last_mhz: ends.and_then(|(_, last)| Quantity::new(last)),
            throttle_events: span.throttle_events.and_then(Whole::new),
            under_voltage: (!told.is_empty()).then(|| told.contains(&true)),
            swapped_pages: span.swapped_pages.and_then(Whole::new),
            clock_moved_ms: Real::new(span.clock_moved_ms as f64),
            cpus_online_first: first.online.and_then(Whole::new),
            cpus_online_last: last.online.and_then(Whole::new),
            cpu_quota: quota(&self.root).and_then(Quantity::new),
            cpu_temp_max_c: highest.and_then(Celsius::new),
            power_source: power(slow()).map(Name::lossy),
            governor: governor.name.as_deref().map(Name::lossy),
            governor_driver: governor.driver.as_deref().map(Name::lossy),
        }
    }

    /// The frequencies of first and last quarter, where they fell most: of one thread or of all, and on one
    /// kind of cores, for slow cores are slower by right.
    fn fall(&self) -> Option<(f64, f64)> {
        let mut equals: BTreeMap<(Threads, Option<u64>), Vec<f64>> = BTreeMap::new();
        for look in &self.looks {
            if let Some(speed) = look.speed {
                equals.entry((look.threads, speed.highest_khz)).or_default().push(speed.mhz);
            }
        }
        let share = |(first, last): &(f64, f64)| last / first;
        equals.values().filter_map(|mhz| fall(mhz)).min_by(|a, b| share(a).total_cmp(&share(b)))
    }

    pub(super) fn now(&mut self) -> Conditions {
        let look = Look { threads: Threads::One, speed: self.speed(), slow: Some(Slow::read(&self.root)) };
        conditions(&[look], None)
    }

    pub(super) fn during(&mut self) -> Conditions {
        let mut looks = mem::take(&mut self.earlier);
        looks.append(&mut self.looks);
        conditions(&looks, self.stolen.percent(self.stolen.stolen))
    }
}

impl Slow {
    fn read(root: &Root) -> Self {
        Self {
            load: load_1m(root),
            celsius: cpu_temperature(root),
            pressure: ["cpu", "io", "memory"].map(|resource| Some(pressure(root, resource)?.avg10)),
            swap_mb: swap_used_mb(root),
            power: power_source(root),
            governor: governor(root).name,
            under_voltage: under_voltage(root),
        }
    }
}

/// On battery for a moment is on battery.
fn power<'a>(slow: impl Iterator<Item = &'a Slow>) -> Option<&'static str> {
    slow.filter_map(|slow| slow.power).reduce(|all, one| if one == "battery" { one } else { all })
}

/// Means; the highest temperature.
fn conditions(looks: &[Look], steal_percent: Option<f64>) -> Conditions {
    let slow = || looks.iter().filter_map(|look| look.slow.as_ref());
    let quantity = |values: Vec<f64>| mean(&values).and_then(Quantity::new);
    let stalled = |index: usize| {
        let values: Vec<f64> = slow().filter_map(|slow| slow.pressure[index]).collect();
        mean(&values).and_then(Percent::measured)
    };
    Conditions {
        load_1m: quantity(slow().filter_map(|slow| slow.load).collect()),
        cpu_freq_mhz: quantity(looks.iter().filter_map(|look| Some(look.speed?.mhz)).collect()),
        cpu_temp_c: slow().filter_map(|slow| slow.celsius).reduce(f64::max).and_then(Celsius::new),
        steal_percent: steal_percent.and_then(Percent::measured),
        psi_cpu: stalled(0),
        psi_io: stalled(1),
        psi_memory: stalled(2),
        swap_used_mb: quantity(slow().filter_map(|slow| slow.swap_mb).collect()),
        power_source: power(slow()).map(Name::lossy),
        governor: slow().filter_map(|slow| slow.governor.as_deref()).next_back().map(Name::lossy),
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
