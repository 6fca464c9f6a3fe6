//! The one place where the agent reads the wall clock and draws random numbers.

use std::io;
use std::time::{Duration, SystemTime};

use report::{ReportId, Timestamp};

/// The wall clock, now.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn now() -> Timestamp {
    let ms = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => Timestamp::from_ms(ms(since)),
        Err(before) => Timestamp::from_ms(ms(before.duration()).saturating_neg()),
    }
}

/// A new report id that sorts by `at`.
///
/// # Errors
/// When the kernel gives no random numbers.
pub fn new_report_id(at: Timestamp) -> io::Result<ReportId> {
    let mut random = [0; 10];
    getrandom::fill(&mut random)?;
    let ms = at.as_ms().max(0).unsigned_abs();
    Ok(ReportId::new(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()))
}
