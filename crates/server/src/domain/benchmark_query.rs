//! Which benchmarks are wanted.

use report::measurement::Verdict;
use report::score::Basis;
use report::text::Name;
use report::{FieldError, Preset, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

/// What is wrong with a time that ends before it begins.
pub fn backwards(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<FieldError> {
    let wrong = from.zip(to).is_some_and(|(from, to)| from >= to);
    wrong.then(|| FieldError::new("to", "expected a moment after `from`"))
}

/// Devices that may be named at once.
const DEVICES: usize = 100;

/// Filters of benchmarks; all that are given hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BenchmarkQuery {
    /// Of this device, by its id; may be given more than once.
    #[serde(default)]
    #[param(max_items = 100)]
    pub device: Vec<i64>,
    /// Measured then or later, by `effective_at`.
    pub from: Option<Timestamp>,
    /// Measured earlier.
    pub to: Option<Timestamp>,
    /// With this verdict.
    pub verdict: Option<Verdict>,
    /// With scores of this scale.
    #[param(inline)]
    pub basis: Option<Basis>,
    /// At this preset.
    pub preset: Option<Preset>,
    /// With exactly this label.
    pub label: Option<Name>,
    /// Whether a person took it out of what counts.
    pub excluded: Option<bool>,
}

impl BenchmarkQuery {
    /// Looks at what the type alone does not say.
    ///
    /// # Errors
    /// Each parameter that does not fit.
    pub fn checked(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.device.len() > DEVICES {
            errors.push(FieldError::new("device", format!("expected at most {DEVICES} devices")));
        }
        errors.extend(backwards(self.from, self.to));
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}
