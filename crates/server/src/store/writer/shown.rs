//! What lists show, find and sort devices by: written where it changed, which reports seldom bring about.

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::stored;
use super::super::value::Value;
use super::device::{Device, Stored};
use crate::domain::shown::Shown;

const SHOW: Bulk = Bulk::rows(
    "with v (id, typed_json, version, name, name_key, effective_kind, status, location, model, model_key, \
     typed_hosted_on) as (values",
    11,
    ") update devices set typed_json = v.typed_json, version = v.version, name = v.name, name_key = v.name_key, \
     effective_kind = v.effective_kind, status = v.status, location = v.location, model = v.model, \
     model_key = v.model_key, typed_hosted_on = v.typed_hosted_on from v where devices.id = v.id",
);
const SEARCH: Bulk = Bulk::rows(
    "insert into device_search (device_id, search_text) values",
    2,
    "on conflict (device_id) do update set search_text = excluded.search_text",
);
const UNTAG: Bulk = Bulk::any_of("delete from device_tags where device_id in", "");
const TAG: Bulk = Bulk::rows("insert into device_tags (device_id, tag_key, tag) values", 3, "");

/// Writes what changed since the devices were loaded.
pub(super) async fn save(
    connection: &mut Connection,
    devices: impl Iterator<Item = &Device>,
) -> Result<(), sqlx::Error> {
    let mut changes = Changes::default();
    for device in devices {
        changes.of(device)?;
    }
    let Changes { rows, texts, untagged, tags, models } = changes;
    connection.execute_bulk(&SHOW, rows).await?;
    connection.execute_bulk(&SEARCH, texts).await?;
    connection.execute_bulk(&UNTAG, untagged).await?;
    connection.execute_bulk(&TAG, tags).await?;
    for (model_key, device) in models {
        leave_documents(connection, &model_key, device).await?;
    }
    Ok(())
}

/// The documents of a model that no other device has become those of the device that had it last, and are listed with it: in
/// no other place would anybody find them again. They go with it, too.
pub(super) async fn leave_documents(
    connection: &mut Connection,
    model_key: &str,
    device: i64,
) -> Result<(), sqlx::Error> {
    // Held first: where two servers take the model's last two devices away, one waits here, and then sees what the other did.
    let hold = "update documents set model_key = model_key where model_key = $1 returning id";
    if model_key.is_empty() || connection.fetch(hold, vec![model_key.into()]).await?.is_empty() {
        return Ok(());
    }
    let sql = "update documents set device_id = $2, model_key = null where model_key = $1 \
               and not exists (select 1 from devices where model_key = $1 and id <> $2)";
    connection.execute(sql, vec![model_key.into(), device.into()]).await.map(drop)
}

/// The values of each statement.
#[derive(Default)]
struct Changes {
    rows: Vec<Value>,
    texts: Vec<Value>,
    untagged: Vec<Value>,
    tags: Vec<Value>,
    /// Models that devices were of, and are no more.
    models: Vec<(String, i64)>,
}

impl Changes {
    fn of(&mut self, device: &Device) -> Result<(), sqlx::Error> {
        let stored = match &device.stored {
            Stored::AsItIs => return Ok(()),
            Stored::Was(shown) => Some(&**shown),
            Stored::Unknown => None,
        };
        let shown = device.shown();
        if stored.is_none_or(|stored| stored.search_text != shown.search_text) {
            self.texts.extend([device.id.into(), shown.search_text.as_str().into()]);
        }
        if let Some(stored) = stored.filter(|stored| stored.model_key != shown.model_key) {
            self.models.push((stored.model_key.clone(), device.id));
        }
        if stored.is_none_or(|stored| stored.tags != shown.tags) {
            // A device that a report just made has none, and none to take away.
            if stored.is_some() || !shown.tags.is_empty() {
                self.untagged.push(device.id.into());
            }
            for (key, tag) in &shown.tags {
                self.tags.extend([device.id.into(), key.as_str().into(), tag.as_str().into()]);
            }
        }
        if device.retyped || stored != Some(&shown) {
            self.rows.extend(row(device, shown)?);
        }
        Ok(())
    }
}

fn row(device: &Device, shown: Shown) -> Result<[Value; 11], sqlx::Error> {
    let Shown {
        name,
        name_key,
        kind,
        status,
        location,
        model,
        model_key,
        typed_hosted_on,
        tags: _,
        search_text: _,
    } = shown;
    Ok([
        device.id.into(),
        stored::json(&device.typed)?.into(),
        device.version.into(),
        name.into(),
        name_key.into(),
        kind.as_str().into(),
        status.as_str().into(),
        location.into(),
        model.into(),
        model_key.into(),
        typed_hosted_on.into(),
    ])
}
