//! What the store counts of its own work.

use metrics::{Counter, Histogram};

use super::error::Class;

/// The counts; by default they go nowhere.
#[derive(Clone, Debug)]
pub struct Meter {
    /// Reports of a transaction.
    pub batch: Histogram,
    /// Failures: the database is full, locked, broken or away.
    pub unavailable: Counter,
    /// Failures: a statement or a value was refused.
    pub refused: Counter,
    /// Failures: another server was faster, and the transaction was tried again.
    pub race: Counter,
}

impl Default for Meter {
    fn default() -> Self {
        let [unavailable, refused, race] = [(); 3].map(|()| Counter::noop());
        Self { batch: Histogram::noop(), unavailable, refused, race }
    }
}

impl Meter {
    /// Counts a failure.
    pub(super) fn failed(&self, error: &sqlx::Error) {
        match Class::of(error) {
            Class::Unavailable => &self.unavailable,
            Class::Data => &self.refused,
            Class::Race => &self.race,
        }
        .increment(1);
    }
}
