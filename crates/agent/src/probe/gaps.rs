//! Collects what could not be read.

use report::missing::Missing;

/// What would help where only root may read.
pub(crate) const SUDO: &str = "run it with sudo to see this";

/// The entries of `missing[]` so far, one per path.
#[derive(Debug, Default)]
pub(crate) struct Gaps(Vec<Missing>);

impl Gaps {
    /// Notes one absent field; the first reason given for a path stays.
    pub(crate) fn add(&mut self, path: &str, reason: &str, advice: Option<&str>) {
        if !self.0.iter().any(|gap| gap.path.as_str() == path) {
            self.0.push(Missing::new(path, reason, advice));
        }
    }

    /// Passes `value` on; notes that the machine does not show it where it is absent.
    pub(crate) fn expect<T>(&mut self, path: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(path, "not_exposed", None);
        }
        value
    }

    pub(crate) fn into_vec(self) -> Vec<Missing> {
        self.0
    }
}
