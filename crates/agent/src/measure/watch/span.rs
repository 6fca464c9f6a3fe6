//! Counters at two moments, and what they say of the time between.

use super::Clocks;
use crate::probe::Root;
use crate::probe::activity::{Spent, Times, processors_online, spent, swapped_pages, throttle_events, times};

/// Fewer looks have no quarters to speak of.
const FEWEST_LOOKS: usize = 8;

/// The counters at one moment.
pub(super) struct Moment {
    times: Option<Times>,
    spent: Option<Spent>,
    throttle_events: Option<u64>,
    swapped_pages: Option<u64>,
    pub(super) online: Option<u64>,
    /// How far the wall clock is ahead of the steady one, ms.
    ahead_ms: i64,
}

/// What passed between two moments.
pub(super) struct Span {
    pub(super) times: Option<Times>,
    spent: Option<Spent>,
    pub(super) throttle_events: Option<u64>,
    pub(super) swapped_pages: Option<u64>,
    pub(super) clock_moved_ms: i64,
}

impl Moment {
    pub(super) fn read(root: &Root, clocks: &dyn Clocks) -> Self {
        let times = times(root);
        let online = processors_online(root);
        Self {
            spent: spent(root),
            throttle_events: throttle_events(root),
            swapped_pages: swapped_pages(root),
            online: online.or_else(|| Some(times.as_ref()?.each.len() as u64)),
            ahead_ms: clocks.wall_ms().saturating_sub(clocks.steady_ms()),
            times,
        }
    }

    pub(super) fn since(&self, first: &Self) -> Span {
        let moved = |now: Option<u64>, before: Option<u64>| Some(now?.saturating_sub(before?));
        Span {
            times: self.times.as_ref().zip(first.times.as_ref()).map(|(now, before)| now.since(before)),
            spent: self.spent.zip(first.spent).map(|(now, before)| Spent {
                own: now.own.saturating_sub(before.own),
                kernel: now.kernel.saturating_sub(before.kernel),
            }),
            throttle_events: moved(self.throttle_events, first.throttle_events),
            swapped_pages: moved(self.swapped_pages, first.swapped_pages),
            clock_moved_ms: self.ahead_ms.saturating_sub(first.ahead_ms),
        }
    }
}

impl Span {
    /// Processor time of others, percent of all processors' time.
    pub(super) fn background_percent(&self) -> Option<f64> {
        let (times, spent) = (self.times.as_ref()?, self.spent?);
        times.percent(times.busy.saturating_sub(spent.own).saturating_sub(spent.kernel))
    }

    /// Time that the hypervisor took, percent of all processors' time.
    pub(super) fn steal_percent(&self) -> Option<f64> {
        let times = self.times.as_ref()?;
        times.percent(times.stolen)
    }
}

/// The frequencies in the first and in the last quarter of the looks: the upper quartile of each, so that a
/// test with wide vectors, which lowers the frequency by right, is no fall.
pub(super) fn fall(mhz: &[f64]) -> Option<(f64, f64)> {
    if mhz.len() < FEWEST_LOOKS {
        return None;
    }
    let quarter = mhz.len() / 4;
    let upper = |part: &[f64]| {
        let mut sorted = part.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() * 3 / 4]
    };
    Some((upper(&mhz[..quarter]), upper(&mhz[mhz.len() - quarter..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_seen_and_a_slow_test_is_none() {
        let mut mhz = vec![4000.0; 16];
        assert_eq!(fall(&mhz[..7]), None);
        mhz[13] = 2800.0;
        assert_eq!(fall(&mhz), Some((4000.0, 4000.0)));
        mhz[12..].fill(3000.0);
        assert_eq!(fall(&mhz), Some((4000.0, 3000.0)));
    }
}
