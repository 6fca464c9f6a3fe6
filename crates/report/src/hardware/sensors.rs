//! Temperatures and fans.

use std::collections::BTreeMap;

use crate::number::{Celsius, Quantity};
use crate::section::section;

section! {
    /// Temperatures and fans at the time of the report.
    pub struct Sensors {
        /// Processor package, °C.
        pub cpu_temp_c: Celsius,
        /// Drives by name, °C.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Celsius>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub disk_temps_c: BTreeMap<String, Celsius>,
        /// Fans by name, turns per minute.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Quantity>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub fans_rpm: BTreeMap<String, Quantity>,
        /// Every other temperature by the sensor's name, °C.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Celsius>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub temps_c: BTreeMap<String, Celsius>,
    }
}
