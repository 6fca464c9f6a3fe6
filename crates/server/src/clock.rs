//! The one place where the server reads the wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use report::Timestamp;

/// This moment, as the machine's clock has it.
#[expect(clippy::disallowed_methods, reason = "this is the clock module that the rule points to")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let ms = match since {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    };
    Timestamp::from_ms(ms)
}
