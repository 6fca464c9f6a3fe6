//! The one place that asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use report::Timestamp;

/// Now, by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
