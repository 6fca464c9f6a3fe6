//! Numbers as a report may hold them: checked once, when they are read.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// The largest whole number that JSON clients written in any language carry exactly: 2^53.
pub const MAX_WHOLE: u64 = 1 << 53;

/// A whole number from 0 to 2^53. `4.0` is a whole number; `4.5` and `-1` are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9_007_199_254_740_992_u64))]
#[serde(transparent)]
pub struct Whole(u64);

impl Whole {
    /// The number, or `None` above 2^53.
    pub fn new(value: u64) -> Option<Self> {
        (value <= MAX_WHOLE).then_some(Self(value))
    }

    /// The plain number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl From<u32> for Whole {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

/// Declares numbers that are `f64` within a range.
macro_rules! real_numbers {
    ($($(#[$meta:meta])* $name:ident: $fits:expr, expected $expected:literal;)+) => { $(
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        $(#[$meta])*
        pub struct $name(f64);

        impl $name {
            /// The number, or `None` if it is out of the range of this type, infinite or not a number.
            pub fn new(value: f64) -> Option<Self> {
                let fits: fn(f64) -> bool = $fits;
                // `-0.0` passes comparisons; adding zero makes it plain.
                (value.is_finite() && fits(value)).then_some(Self(value + 0.0))
            }

            /// The plain number.
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_f64(NumberVisitor {
                    expected: $expected,
                    from_whole: |value| Self::new(value as f64),
                    from_real: Self::new,
                })
            }
        }
    )+ };
}

real_numbers! {
    /// A finite number that is not negative: sizes, durations, rates, scores.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    Quantity: |value| value >= 0.0, expected "a number that is not negative";

    /// A finite number of either sign: differences, dBm.
    Real: |_| true, expected "a number";

    /// Percent of a whole: from 0 to 100.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    Percent: |value| (0.0..=100.0).contains(&value), expected "a number from 0 to 100";

    /// A temperature, °C: not below absolute zero.
    #[cfg_attr(feature = "openapi", schema(minimum = -273.15))]
    Celsius: |value| value >= -273.15, expected "a temperature, not below -273.15 °C";
}

impl Percent {
    /// A measured share: counters that are not read at the very same moment make it a little more than a whole, or
    /// less than nothing. `None` if it is not a number.
    pub fn measured(value: f64) -> Option<Self> {
        Self::new(value.clamp(0.0, 100.0))
    }
}

/// Reads any JSON number as the type `T`, through the two forms that a number can arrive in.
struct NumberVisitor<T> {
    expected: &'static str,
    from_whole: fn(u64) -> Option<T>,
    from_real: fn(f64) -> Option<T>,
}

impl<T> de::Visitor<'_> for NumberVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        (self.from_whole)(value).ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        (self.from_real)(value as f64).ok_or_else(|| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        (self.from_real)(value).ok_or_else(|| E::invalid_value(de::Unexpected::Float(value), &self))
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(NumberVisitor {
            expected: "a whole number from 0 to 9007199254740992",
            from_whole: Self::new,
            from_real: |value| {
                let whole = value >= 0.0 && value <= MAX_WHOLE as f64 && value.fract() == 0.0;
                whole.then_some(Self(value as u64))
            },
        })
    }
}
