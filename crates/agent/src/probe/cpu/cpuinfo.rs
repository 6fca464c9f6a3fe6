//! /proc/cpuinfo: one block of lines for each logical processor.

use std::collections::BTreeMap;

use crate::probe::text::pairs;

/// The parsed file.
#[derive(Debug, Default)]
pub(crate) struct CpuInfo {
    /// The blocks of the logical processors, in order.
    pub(crate) processors: Vec<BTreeMap<String, String>>,
    /// Lines of blocks that belong to no processor: ARM boards have them at the end.
    common: BTreeMap<String, String>,
}

impl CpuInfo {
    /// Reads any text; lines that are not `key : value` are passed over.
    pub(crate) fn parse(text: &str) -> Self {
        let mut info = Self::default();
        for block in text.split("\n\n") {
            let fields: BTreeMap<String, String> =
                pairs(block, ':').map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            if fields.contains_key("processor") {
                info.processors.push(fields);
            } else {
                info.common.extend(fields);
            }
        }
        info
    }

    /// A field of the first processor, or one that belongs to all.
    pub(crate) fn field(&self, key: &str) -> Option<&str> {
        let value =
            self.processors.first().and_then(|first| first.get(key)).or_else(|| self.common.get(key))?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A field that is a decimal number.
    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        self.field(key)?.parse().ok()
    }

    /// A field that is a hexadecimal number: `0x41`.
    pub(crate) fn hex(&self, key: &str) -> Option<u32> {
        hex(self.field(key)?)
    }

    /// The numbers of the logical processors.
    pub(crate) fn cpus(&self) -> Vec<u32> {
        self.processors.iter().filter_map(|fields| fields.get("processor")?.parse().ok()).collect()
    }
}

/// `0x41` or `41`, both hexadecimal.
pub(crate) fn hex(text: &str) -> Option<u32> {
    u32::from_str_radix(text.trim_start_matches("0x"), 16).ok()
}
