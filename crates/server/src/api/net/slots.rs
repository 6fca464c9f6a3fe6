//! The one place in the network test: two tests at once would measure each other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use tokio::time::Instant;

use crate::app::AppState;
use crate::error::AppError;

/// A test may take this long in all.
pub(super) const LIFETIME: Duration = Duration::from_secs(60);
/// A client that asks for nothing during this time is gone, and the place is free.
const IDLE: Duration = Duration::from_secs(10);
/// A test may move this many bytes, both directions together.
pub(super) const MAX_BYTES: u64 = 250_000_000;

/// Who has the place, if anybody.
#[derive(Debug, Default)]
pub struct Slots(Mutex<Option<Arc<Slot>>>);

/// One test.
#[derive(Debug)]
pub struct Slot {
    id: String,
    /// No request goes on after this moment.
    pub(super) ends: Instant,
    idle_since: Mutex<Instant>,
    left: AtomicU64,
}

impl Slots {
    /// Gives the place to a new test, or says how long it is taken at most.
    pub(super) fn take(&self, id: String, now: Instant) -> Result<Arc<Slot>, Duration> {
        let mut current = lock(&self.0);
        if let Some(slot) = current.as_ref().filter(|slot| slot.lives(now)) {
            return Err(slot.frees_at().saturating_duration_since(now));
        }
        let slot =
            Slot { id, ends: now + LIFETIME, idle_since: Mutex::new(now), left: AtomicU64::new(MAX_BYTES) };
        Ok(Arc::clone(current.insert(Arc::new(slot))))
    }

    /// The test with this id, if it has the place.
    pub(super) fn find(&self, id: &str, now: Instant) -> Option<Arc<Slot>> {
        let current = lock(&self.0);
        let slot = current.as_ref().filter(|slot| slot.id == id && slot.lives(now))?;
        slot.touch(now);
        Some(Arc::clone(slot))
    }

    /// Frees the place.
    pub(super) fn give_back(&self, slot: &Slot) {
        let mut current = lock(&self.0);
        if current.as_ref().is_some_and(|held| held.id == slot.id) {
            *current = None;
        }
    }
}

impl Slot {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Takes `bytes` off what the test may move; 413 if that is more than what is left.
    pub(super) fn spend(&self, bytes: u64) -> Result<(), AppError> {
        let spent =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        spent.map(drop).map_err(|left| {
            let detail = format!("The test may move {left} bytes more, not {bytes}.");
            AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
        })
    }

    /// A sign of life.
    pub(super) fn touch(&self, now: Instant) {
        *lock(&self.idle_since) = now;
    }

    fn frees_at(&self) -> Instant {
        self.ends.min(*lock(&self.idle_since) + IDLE)
    }

    fn lives(&self, now: Instant) -> bool {
        now < self.frees_at()
    }
}

/// The test that `X-Net-Slot` names.
#[derive(Clone, Debug)]
pub struct InSlot(pub Arc<Slot>);

impl FromRequestParts<AppState> for InSlot {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let value = parts.headers.get("x-net-slot").ok_or_else(missing)?;
        let slot = value.to_str().ok().and_then(|id| state.net.find(id, Instant::now()));
        slot.map(Self).ok_or_else(expired)
    }
}

fn missing() -> AppError {
    let message = "missing, expected the slot that POST /api/net/v1/slot gave";
    AppError::misfit("X-Net-Slot", message)
}

/// 409.
pub(super) fn expired() -> AppError {
    let detail = "X-Net-Slot names no test that is running; ask for a new slot.";
    AppError::new(StatusCode::CONFLICT, "slot_expired", detail)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_until_it_is_given_back() {
        let (slots, now) = (Slots::default(), Instant::now());
        let first = slots.take("a".to_owned(), now).unwrap();
        assert_eq!(slots.take("b".to_owned(), now).unwrap_err(), IDLE);
        assert!(
            slots.find("a", now).is_some() && slots.find("b", now).is_none() && slots.find("", now).is_none()
        );
        slots.give_back(&first);
        assert!(slots.find("a", now).is_none());
        assert!(slots.take("b".to_owned(), now).is_ok());
        slots.give_back(&first);
        assert!(slots.find("b", now).is_some(), "a late return frees nobody else's place");
    }

    #[test]
    fn it_ends_when_idle_and_in_any_case() {
        let (slots, start) = (Slots::default(), Instant::now());
        slots.take("a".to_owned(), start).unwrap();
        assert!(slots.find("a", start + IDLE).is_none());
        assert!(slots.take("b".to_owned(), start + IDLE).is_ok());
        let begun = start + IDLE;
        for seconds in (0..LIFETIME.as_secs()).step_by(5) {
            assert!(slots.find("b", begun + Duration::from_secs(seconds)).is_some(), "{seconds}");
        }
        assert!(slots.find("b", begun + LIFETIME).is_none());
    }

    #[test]
    fn bytes_are_counted_over_the_whole_test() {
        let slot = Slots::default().take("a".to_owned(), Instant::now()).unwrap();
        slot.spend(MAX_BYTES - 1).unwrap();
        assert_eq!(slot.spend(2).unwrap_err().status(), StatusCode::PAYLOAD_TOO_LARGE);
        slot.spend(1).unwrap();
        assert!(slot.spend(1).is_err());
    }
}
