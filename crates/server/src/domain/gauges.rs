//! A device as Prometheus sees it.

use std::fmt::{self, Write};

use report::Component;

/// The figures of one device that a graph over time is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceGauges {
    /// Id of the device.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// By which rules it is scored.
    pub basis: Option<String>,
    /// Its global score.
    pub global: Option<f64>,
    /// Its scores, in the order of [`Component::ALL`].
    pub components: [Option<f64>; 5],
    /// When it was last measured, milliseconds since 1970.
    pub last_benchmark_at_ms: Option<i64>,
}

/// A metric of devices. All lines of one stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Scores of components.
    Score,
    /// The global score.
    Global,
    /// Time of the last benchmark.
    LastBenchmark,
}

impl Family {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Score, Self::Global, Self::LastBenchmark];

    fn name(self) -> &'static str {
        match self {
            Self::Score => "benchtools_device_score",
            Self::Global => "benchtools_device_global_score",
            Self::LastBenchmark => "benchtools_device_last_benchmark_timestamp_seconds",
        }
    }

    /// The lines above those of the devices.
    pub fn head(self) -> String {
        let name = self.name();
        let help = match self {
            Self::Score => "Score of a component; the reference is 100.",
            Self::Global => "Global score; scores of different basis are not comparable.",
            Self::LastBenchmark => "When the device was last measured.",
        };
        format!("# HELP {name} {help}\n# TYPE {name} gauge\n")
    }

    /// Adds the lines of a device: none for what it does not have.
    ///
    /// # Errors
    /// When the text does not take them.
    pub fn write(self, device: &DeviceGauges, text: &mut String) -> fmt::Result {
        let DeviceGauges { id, name, basis, global, components, last_benchmark_at_ms } = device;
        let (metric, name) = (self.name(), Escaped(name));
        let basis = Escaped(basis.as_deref().unwrap_or_default());
        match self {
            Self::Score => {
                for (component, score) in Component::ALL.iter().zip(components) {
                    let Some(score) = score else { continue };
                    let component = component.as_str();
                    writeln!(
                        text,
                        "{metric}{{id=\"{id}\",name=\"{name}\",basis=\"{basis}\",component=\"{component}\"}} {score}"
                    )?;
                }
                Ok(())
            }
            Self::Global => match global {
                Some(score) => {
                    writeln!(text, "{metric}{{id=\"{id}\",name=\"{name}\",basis=\"{basis}\"}} {score}")
                }
                None => Ok(()),
            },
            Self::LastBenchmark => match last_benchmark_at_ms {
                Some(ms) => writeln!(text, "{metric}{{id=\"{id}\",name=\"{name}\"}} {}", *ms as f64 / 1000.0),
                None => Ok(()),
            },
        }
    }
}

/// A label's value: backslash, quote and line feed stand behind a backslash.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\\' => f.write_str("\\\\")?,
                '"' => f.write_str("\\\"")?,
                '\n' => f.write_str("\\n")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_gaps_left_out() {
        let device = DeviceGauges {
            id: 7,
            name: "a\"b\\c\nd é".to_owned(),
            basis: Some("v0".to_owned()),
            global: Some(101.5),
            components: [Some(1e3), None, Some(0.25), None, None],
            last_benchmark_at_ms: Some(1_700_000_000_123),
        };
        let mut text = String::new();
        for family in Family::ALL {
            family.write(&device, &mut text).unwrap();
        }
        insta::assert_snapshot!(text, @r#"
        benchtools_device_score{id="7",name="a\"b\\c\nd é",basis="v0",component="cpu"} 1000
        benchtools_device_score{id="7",name="a\"b\\c\nd é",basis="v0",component="disk"} 0.25
        benchtools_device_global_score{id="7",name="a\"b\\c\nd é",basis="v0"} 101.5
        benchtools_device_last_benchmark_timestamp_seconds{id="7",name="a\"b\\c\nd é"} 1700000000.123
        "#);
    }

    #[test]
    fn a_device_that_was_never_measured_has_no_lines() {
        let device = DeviceGauges {
            id: 1,
            name: "spare".to_owned(),
            basis: None,
            global: None,
            components: [None; 5],
            last_benchmark_at_ms: None,
        };
        let mut text = String::new();
        for family in Family::ALL {
            family.write(&device, &mut text).unwrap();
        }
        assert_eq!(text, "");
    }
}
