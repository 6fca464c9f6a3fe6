//! Guessing is slow: an address may send so many wrong tokens, then one now and then.
//!
//! While an address has to wait, tokens that it has not shown before are not even told right or wrong, or a
//! guesser could go on and look at the status. One that was right from there before passes: whoever shares the
//! address with a guesser is not locked out.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::TokenHash;

/// Wrong tokens in a row that are answered at once.
const BURST: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");
/// After those, one in so long.
const PERIOD: Duration = Duration::from_secs(6);
/// Addresses that are kept apart; more share the fate of one.
const MOST: usize = 10_000;

/// Where requests come from: an address, or the network that a provider gives to one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Address(IpAddr),
    /// Whoever comes when there are too many.
    Anywhere,
}

/// What the guard says to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// Nobody says.
    Wait {
        /// Seconds, rounded up.
        seconds: u32,
    },
}

/// Counts wrong tokens by address.
pub struct Guard<C: Clock = DefaultClock> {
    clock: C,
    limiter: RateLimiter<Place, HashMapStateStore<Place>, C, NoOpMiddleware<C::Instant>>,
    places: RwLock<Places<C::Instant>>,
}

struct Places<I> {
    /// Until when an address has to wait.
    waiting: HashMap<Place, I>,
    /// Tokens that were right from an address.
    right: HashSet<(Place, TokenHash)>,
    /// When quiet addresses were last forgotten for want of room.
    swept: Option<I>,
}

impl Default for Guard {
    fn default() -> Self {
        Self::new(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Guard<C> {
    fn new(clock: C) -> Self {
        let quota = Quota::with_period(PERIOD).expect("six seconds are not zero").allow_burst(BURST);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), clock.clone());
        let places = RwLock::new(Places { waiting: HashMap::new(), right: HashSet::new(), swept: None });
        Self { clock, limiter, places }
    }

    /// What to say to this token from there.
    pub(super) fn rule(&self, address: IpAddr, token: TokenHash, is_right: bool) -> Ruling {
        let place = Place::of(address);
        if is_right { self.right(place, token) } else { self.wrong(place) }
    }

    fn right(&self, place: Place, token: TokenHash) -> Ruling {
        let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
        if places.right.contains(&(place, token)) {
            return Ruling::Right;
        }
        let now = self.clock.now();
        let waits = [place, Place::Anywhere].into_iter().take(if self.is_full() { 2 } else { 1 });
        let end = waits.filter_map(|place| places.waiting.get(&place)).max().filter(|end| **end > now);
        if let Some(end) = end {
            return wait(end.duration_since(now).into());
        }
        drop(places);
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        if places.right.len() >= MOST {
            places.right.clear();
        }
        places.right.insert((place, token));
        Ruling::Right
    }

    fn wrong(&self, place: Place) -> Ruling {
        if self.is_full() {
            self.sweep();
        }
        let place = if self.is_full() { Place::Anywhere } else { place };
        let Err(early) = self.limiter.check_key(&place) else { return Ruling::Wrong };
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        places.waiting.insert(place, early.earliest_possible());
        wait(early.wait_time_from(self.clock.now()))
    }

    fn is_full(&self) -> bool {
        self.limiter.len() >= MOST
    }

    /// Forgets addresses that have been quiet; not for every request of a crowd.
    fn sweep(&self) {
        let now = self.clock.now();
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        if places.swept.is_none_or(|last| last + PERIOD.into() <= now) {
            places.swept = Some(now);
            places.waiting.retain(|_, end| *end > now);
            self.limiter.retain_recent();
        }
    }
}

impl Place {
    fn of(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
        })
    }
}

fn wait(time: Duration) -> Ruling {
    Ruling::Wait { seconds: u32::try_from(time.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1) }
}

impl<C: Clock> std::fmt::Debug for Guard<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const WRONG: [u8; 1] = [0];

    fn guard() -> (Guard<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Guard::new(clock.clone()), clock)
    }

    fn hash(token: &[u8]) -> TokenHash {
        TokenHash::of_bytes(token)
    }

    fn wrong<C: Clock + Clone>(guard: &Guard<C>, address: &str) -> Ruling {
        guard.rule(address.parse().unwrap(), hash(&WRONG), false)
    }

    #[test]
    fn ten_wrong_tokens_are_answered_then_one_every_six_seconds() {
        let (guard, clock) = guard();
        for _ in 0..10 {
            assert_eq!(wrong(&guard, "10.0.0.1"), Ruling::Wrong);
        }
        assert_eq!(wrong(&guard, "10.0.0.1"), Ruling::Wait { seconds: 6 });
        assert_eq!(wrong(&guard, "10.0.0.2"), Ruling::Wrong, "another address has its own ten");
        clock.advance(Duration::from_millis(5_500));
        assert_eq!(wrong(&guard, "10.0.0.1"), Ruling::Wait { seconds: 1 });
        clock.advance(Duration::from_millis(500));
        assert_eq!(wrong(&guard, "10.0.0.1"), Ruling::Wrong);
        assert_eq!(wrong(&guard, "10.0.0.1"), Ruling::Wait { seconds: 6 });
    }

    #[test]
    fn one_network_of_a_provider_counts_as_one() {
        let (guard, _) = guard();
        for last in 0..10 {
            assert_eq!(wrong(&guard, &format!("2001:db8:0:1::{last}")), Ruling::Wrong);
        }
        assert_eq!(wrong(&guard, "2001:db8:0:1:ffff::1"), Ruling::Wait { seconds: 6 });
        assert_eq!(wrong(&guard, "2001:db8:0:2::1"), Ruling::Wrong);
    }

    #[test]
    fn a_token_that_was_right_before_passes_and_a_guess_is_not_told_right() {
        let (guard, clock) = guard();
        let right = |token: &[u8]| guard.rule("10.0.0.1".parse().unwrap(), hash(token), true);
        assert_eq!(right(b"old"), Ruling::Right);
        for _ in 0..11 {
            wrong(&guard, "10.0.0.1");
        }
        assert_eq!(right(b"old"), Ruling::Right);
        assert_eq!(right(b"new"), Ruling::Wait { seconds: 6 });
        clock.advance(PERIOD);
        assert_eq!(right(b"new"), Ruling::Right);
    }

    #[test]
    fn memory_is_bounded_however_many_addresses_there_are() {
        let (guard, clock) = guard();
        let address = |number: u32| IpAddr::from(number.to_be_bytes());
        for number in 0..MOST as u32 {
            assert_eq!(guard.rule(address(number), hash(&WRONG), false), Ruling::Wrong);
        }
        for number in 0..20 {
            guard.rule(address(1_000_000 + number), hash(&WRONG), false);
        }
        assert!(guard.limiter.len() <= MOST + 1);
        let newcomer = guard.rule(address(2_000_000), hash(&WRONG), false);
        assert!(matches!(newcomer, Ruling::Wait { .. }), "{newcomer:?}");
        // Those that have been quiet are forgotten.
        clock.advance(Duration::from_secs(120));
        assert_eq!(guard.rule(address(2_000_000), hash(&WRONG), false), Ruling::Wrong);
        assert!(guard.limiter.len() < 10);
    }
}
