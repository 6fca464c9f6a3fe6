//! The address of a machine's page: its id, and its name to be read by people.

use report::names::slug;

/// `/devices/3-pve-1`, or `/devices/3` for a name without a letter or digit.
pub(crate) fn device_link(id: i64, name: &str) -> String {
    let slug = slug(name);
    if slug.is_empty() { format!("/devices/{id}") } else { format!("/devices/{id}-{slug}") }
}
