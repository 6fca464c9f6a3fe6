//! An empty database filled with devices and benchmarks that could be, to measure and to try things out: the same for the same
//! seed. They go the way of reports into the store, many to a transaction.

mod machine;
mod random;

use report::Timestamp;
use tokio::sync::mpsc;

use crate::domain::submission::{Arrival, Submission, submission};
use crate::store::{Store, StoreError};
use machine::Machine;
use random::Random;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many devices.
    pub devices: u64,
    /// How many benchmarks they have together; no device has none.
    pub benchmarks: u64,
    /// The same number makes the same rows.
    pub seed: u64,
}

/// Why there was nothing to fill.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Machines are in it already.
    #[error("the database has devices already: seed fills an empty one only")]
    NotEmpty,
    /// A device comes from its first report.
    #[error("{benchmarks} benchmarks are not enough for {devices} devices: each has one at least")]
    TooFew {
        /// Wanted.
        devices: u64,
        /// Wanted.
        benchmarks: u64,
    },
    /// The database did not take them.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The newest benchmark was measured about then.
const NEWEST: &str = "2026-11-01T08:00:00Z";
/// And the oldest so long before, ms: two years.
const PAST_MS: u64 = 2 * 365 * 24 * 3_600 * 1_000;
/// A benchmark takes so long, ms.
const TAKES_MS: i64 = 80_000;
/// Reports of one transaction.
const BATCH: usize = 512;
/// What stands in a report for its own id and times.
const MARKS: [&str; 3] =
    ["00000000-0000-7000-8000-000000000000", "2000-01-01T00:00:00Z", "2000-01-01T00:01:20Z"];
/// Different results of one machine.
const VARIANTS: usize = 3;

/// Fills the database.
///
/// # Errors
/// When it is not empty, or cannot be written.
pub async fn fill(store: &Store, plan: Plan) -> Result<(), SeedError> {
    if plan.benchmarks < plan.devices {
        return Err(SeedError::TooFew { devices: plan.devices, benchmarks: plan.benchmarks });
    }
    if store.has_devices().await? {
        return Err(SeedError::NotEmpty);
    }
    let (batches, mut made) = mpsc::channel(2);
    // One makes them while the other writes.
    let making = tokio::task::spawn_blocking(move || make(plan, &batches));
    while let Some(batch) = made.recv().await {
        store.seed(batch).await?;
    }
    // Ends of itself when nobody takes its batches.
    drop(making.await);
    Ok(())
}

fn make(plan: Plan, batches: &mpsc::Sender<Vec<Submission>>) {
    let newest = Timestamp::parse(NEWEST).expect("the constant is a time");
    let mut batch = Vec::with_capacity(BATCH);
    for device in 0..plan.devices {
        let more = u64::from(device < plan.benchmarks % plan.devices);
        for report in history(plan.seed, device, plan.benchmarks / plan.devices + more, newest) {
            batch.push(report);
            if batch.len() == BATCH && batches.blocking_send(std::mem::take(&mut batch)).is_err() {
                return;
            }
        }
    }
    // With the last batch, whether it is taken or not, all is done.
    batches.blocking_send(batch).ok();
}

/// All benchmarks of one device, oldest first.
fn history(seed: u64, device: u64, count: u64, newest: Timestamp) -> impl Iterator<Item = Submission> {
    let mut random = Random::new(seed, device);
    let machine = Machine::new(device, &mut random);
    let variants: Vec<(String, Submission)> = (0..VARIANTS.min(usize::try_from(count).unwrap_or(VARIANTS)))
        .map(|_| {
            let body = machine.report(MARKS, &mut random).to_string();
            let report = report::parse(body.as_bytes()).expect("what is made here is a report");
            let arrival = Arrival { received_at: newest, sent_at: None };
            let made = submission(&report, body.as_bytes(), arrival, &[0; 32])
                .expect("there is memory for a report");
            (body, made)
        })
        .collect();
    let step_ms = PAST_MS / count.max(1);
    (0..count).map(move |number| {
        let (body, made) = random.pick(&variants);
        let back_ms = (count - number) * step_ms - random.next() % step_ms.max(2) / 2;
        let at = newest.plus_ms(-i64::try_from(back_ms).unwrap_or_default());
        let id = format!("01930000-0000-7000-{:04x}-{:012x}", 0x8000 | (number & 0x3fff), device);
        let times = [id.clone(), at.to_string(), at.plus_ms(TAKES_MS).to_string()];
        let body =
            MARKS.iter().zip(&times).fold(body.clone(), |body, (mark, own)| body.replacen(mark, own, 1));
        made.once_more(id, body.as_bytes(), at, at.plus_ms(TAKES_MS)).expect("there is memory for a report")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_what_its_report_says() {
        let newest = Timestamp::parse(NEWEST).unwrap();
        let made: Vec<Submission> = history(1, 7, 5, newest).collect();
        assert_eq!(made.len(), 5);
        assert!(
            made.is_sorted_by_key(|one| one.effective_at) && made.iter().all(|one| one.effective_at < newest)
        );
        for one in &made {
            let body = crate::domain::submission::decompress(&one.body_zstd).unwrap();
            let report = report::parse(&body).unwrap();
            let arrival = Arrival { received_at: one.received_at, sent_at: None };
            let again = submission(&report, &body, arrival, &[0; 32]).unwrap();
            assert_eq!(format!("{one:?}"), format!("{again:?}"));
            assert!(one.global.is_some() && one.coverage > 0.8, "{:?}", one.components);
        }
        let other: Vec<Submission> = history(1, 7, 5, newest).collect();
        assert_eq!(format!("{made:?}"), format!("{other:?}"));
    }
}
