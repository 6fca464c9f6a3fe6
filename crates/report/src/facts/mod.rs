//! Facts and readings: what a machine is, and how it happened to be when it was read.
//!
//! Facts (models, firmware, modules, kernel, what a link can do) make a hardware snapshot, which is reused
//! while they are equal. Readings (temperatures, used memory, addresses, what a link does right now) belong
//! to the benchmark. Which field is which stands in one place, the private module `table`.

mod differences;
mod leaf;
mod learn;
mod merge;
mod names;
mod pairs;
mod table;
mod tree;

use serde_json::Value;
use sha2::{Digest, Sha256};

pub use differences::{Difference, Known, differences};
pub use learn::Learned;
pub use names::device_name;
pub(crate) use names::{locally_administered, passing_interface};

use crate::hardware::Hardware;
use crate::missing::Missing;
use table::Sort;
use tree::{Branch, Split};

/// What a machine is, as a canonical tree: sections as in the report, lists as objects keyed by slot, name
/// or mount point, so that their order does not matter. Empty text is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Branch);

/// Why a stored text is not facts.
#[derive(Debug, thiserror::Error)]
#[error("stored facts cannot be read")]
pub struct FactsError(#[from] serde_json::Error);

/// The facts in a report.
pub fn facts(hardware: &Hardware) -> Facts {
    facts_and_readings(hardware).0
}

/// The readings in a report, in the shape of [`Facts`]; `{}` if there are none.
pub fn readings(hardware: &Hardware) -> Value {
    facts_and_readings(hardware).1
}

/// Both, of one pass.
pub fn facts_and_readings(hardware: &Hardware) -> (Facts, Value) {
    let mut split = Split::default();
    hardware.sort(&mut split);
    (Facts(split.facts), Value::Object(split.readings))
}

/// Hardware as it is shown: facts of a snapshot together with the readings of one benchmark (or `{}`).
///
/// # Errors
/// If `readings` is not what [`readings`] makes.
pub fn hardware(facts: &Facts, readings: &Value) -> Result<Hardware, FactsError> {
    facts.clone().with_readings(readings)
}

impl Facts {
    /// The same as [`hardware`], where the facts are needed for nothing else.
    ///
    /// # Errors
    /// If `readings` is not what [`readings`] makes.
    pub fn with_readings(self, readings: &Value) -> Result<Hardware, FactsError> {
        let Self(mut tree) = self;
        if let Value::Object(readings) = readings {
            tree::lay_over(&mut tree, readings);
        }
        tree::keyed_to_lists(&mut tree);
        // By way of text, as reports are read: another way would be as much code a second time.
        let text = serde_json::to_string(&tree)?;
        crate::parse::tracked(&text).map_err(|error| error.into_inner().into())
    }

    /// SHA-256 of the canonical text: equal facts have equal fingerprints, on every machine.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.to_json()).into()
    }

    /// The canonical text: keys sorted, no spaces.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        tree::write(&self.0, &mut text);
        text
    }

    /// Reads what [`Facts::to_json`] wrote.
    ///
    /// # Errors
    /// If the text is not a JSON object.
    pub fn from_json(text: &str) -> Result<Self, FactsError> {
        Ok(Self(serde_json::from_str(text)?))
    }

    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known after seeing `self` on top of `previous`.
    ///
    /// A field that is absent, or stands in `missing`, carries over: a run without root, or by an older
    /// agent, is not a change; nor is what a rounding made of a size. A list is seen whole: what is no longer in
    /// it is gone, unless `missing` names the list or its section; a part is found again wherever it stands, as
    /// [`differences()`] finds it. Nothing carries over from a part to the one that replaced it (another model
    /// or serial number), nor memory modules to another mainboard.
    #[must_use]
    pub fn over(&self, previous: &Self, missing: &[Missing]) -> Self {
        Self(merge::over(&self.0, &previous.0, missing))
    }
}
