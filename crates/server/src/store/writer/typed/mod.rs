//! What people write of devices: each change is refused before it writes anything, or done whole.

mod create;
mod delete;
mod import;
mod merge;
mod photos;
mod references;
mod update;

pub(in crate::store) use create::CreateDevice;
pub(in crate::store) use delete::DeleteDevice;
pub(in crate::store) use import::ImportDevices;
pub(in crate::store) use merge::MergeDevices;
pub(in crate::store) use update::{UpdateDevices, Which};

use super::super::connection::Connection;
use super::device::Device;
use super::devices::Devices;
use crate::domain::change::{Author, Entry};
use crate::domain::device_edit::{IfMatch, Refusal};
use crate::domain::typed::Typed;

/// One device for a change, if it has a version for which that is wanted.
async fn lock_one(
    connection: &mut Connection,
    id: i64,
    expected: Option<&IfMatch>,
) -> Result<Result<Devices, Refusal>, sqlx::Error> {
    let mut devices = Devices::lock(connection, [id].into()).await?;
    let Some(device) = devices.find_mut(id) else { return Ok(Err(Refusal::NoSuchDevice)) };
    let version = device.version;
    if expected.is_some_and(|expected| !expected.allows(version)) {
        return Ok(Err(Refusal::VersionMoved { version }));
    }
    Ok(Ok(devices))
}

/// What was typed of a device becomes this; what there is to say of it, unless it was so already.
fn retype(device: &mut Device, typed: Typed, author: &Author) -> Option<Entry> {
    let fields = typed.differing(&device.typed);
    if !device.retype(typed) {
        return None;
    }
    device.updated_at = device.updated_at.max(author.at.as_ms());
    let detail = serde_json::json!({ "fields": fields, "version": device.version });
    Some(Entry::new("device.update", device.id, device.name()).with(detail))
}
