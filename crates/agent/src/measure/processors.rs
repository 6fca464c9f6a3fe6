//! Which processors the tests may use, and how a thread stays on one.

use std::num::NonZero;
use std::thread;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::probe::{self, Root};

/// A processor; `None` leaves the choice to the kernel.
pub(crate) type Place = Option<usize>;

/// One place for each processor that this process may use.
pub(crate) fn all() -> Vec<Place> {
    match sched_getaffinity(None) {
        Ok(set) => (0..CpuSet::MAX_CPU).filter(|processor| set.is_set(*processor)).map(Some).collect(),
        // More processors than the set has room for: as many threads, wherever the kernel puts them.
        Err(_) => vec![None; thread::available_parallelism().map_or(1, NonZero::get)],
    }
}

/// One place for each class of cores, with the class' name where there are several.
pub(crate) fn one_of_each_class(root: &Root, places: &[Place]) -> Vec<(Option<String>, Place)> {
    let processors: Vec<u32> = places.iter().filter_map(|place| u32::try_from((*place)?).ok()).collect();
    if processors.is_empty() {
        return vec![(None, None)];
    }
    let classes = probe::core_classes(root, &processors);
    classes.into_iter().map(|class| (class.name, usize::try_from(class.fastest).ok())).collect()
}

/// Keeps the calling thread on this processor. Where that is refused (a container's seccomp filter), the
/// kernel places it, as it does with any other program.
pub(crate) fn pin(place: Place) {
    if let Some(processor) = place.filter(|processor| *processor < CpuSet::MAX_CPU) {
        let mut set = CpuSet::new();
        set.set(processor);
        let _ = sched_setaffinity(None, &set);
    }
}
