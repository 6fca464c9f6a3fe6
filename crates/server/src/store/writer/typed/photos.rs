//! Documents that are photos of devices: each is an image, of the device or of its model; one that goes is no photo any more.

use std::collections::{BTreeMap, BTreeSet};

use report::FieldError;

use super::super::super::bulk::Bulk;
use super::super::super::connection::Connection;
use super::super::super::stored;
use super::super::super::value::Value;
use super::super::Ledger;
use super::super::devices::Devices;
use super::references::Wanted;
use super::{UpdateDevices, retype};
use crate::domain::change::Author;
use crate::domain::media_type::is_drawable;
use crate::domain::shown::model_key;
use crate::domain::submission::Reported;
use crate::domain::typed::{Id, Typed};

/// An update, so that none of them goes before this transaction is over.
const HOLD: Bulk = Bulk::any_of(
    "update documents set updated_at = updated_at where id in",
    "returning id, device_id, model_key, sha256",
);
const TYPES: Bulk = Bulk::any_of("select sha256, media_type from objects where sha256 in", "");

/// A document that somebody wants for a photo.
struct Found {
    device: Option<i64>,
    model_key: Option<String>,
    media_type: String,
}

/// The documents that are to be photos, by their ids.
pub(super) struct Photos(BTreeMap<i64, Found>);

impl Photos {
    pub(super) async fn find(
        connection: &mut Connection,
        wanted: &[Wanted<'_>],
    ) -> Result<Self, sqlx::Error> {
        let ids: BTreeSet<i64> = wanted.iter().filter_map(Wanted::photo).collect();
        let rows = connection.fetch_bulk(&HOLD, ids.into_iter().map(Value::from).collect()).await?;
        let hashes = rows.iter().map(|row| row.get::<String>(3)).collect::<Result<BTreeSet<_>, _>>()?;
        let types = connection.fetch_bulk(&TYPES, hashes.into_iter().map(Value::from).collect()).await?;
        let types = types.iter().map(|row| Ok((row.get(0)?, row.get(1)?)));
        let types = types.collect::<Result<BTreeMap<String, String>, sqlx::Error>>()?;
        let found = rows.iter().map(|row| {
            let media_type = types.get(&row.get::<String>(3)?).cloned().unwrap_or_default();
            Ok((row.get(0)?, Found { device: row.get(1)?, model_key: row.get(2)?, media_type }))
        });
        Ok(Self(found.collect::<Result<_, sqlx::Error>>()?))
    }

    /// What speaks against the photo that is wanted, if one is.
    pub(super) fn misfit(&self, wanted: &Wanted<'_>) -> Option<FieldError> {
        let id = wanted.photo()?;
        let message = match self.0.get(&id) {
            None => format!("{id}, but there is no document with this id"),
            Some(found) if !is_drawable(&found.media_type) => {
                format!("document {id} is {}, expected an image: PNG, JPEG, WebP or GIF", found.media_type)
            }
            Some(found) if !found.is_of(wanted) => {
                format!("document {id} is another device's, expected one of this device or of its model")
            }
            Some(_) => return None,
        };
        Some(wanted.error("photo_doc_id", message))
    }
}

impl Found {
    /// The model is the one that the device has with what is to be typed of it.
    fn is_of(&self, wanted: &Wanted<'_>) -> bool {
        if self.device.is_some() {
            return self.device == wanted.device.map(|device| device.id);
        }
        let unknown = Reported::default();
        let reported = wanted.device.map_or(&unknown, |device| &device.reported);
        self.model_key.as_deref() == Some(model_key(reported, wanted.typed).as_str())
    }
}

impl UpdateDevices {
    /// These documents are gone: no device has one for its photo any more.
    pub(in crate::store) async fn forget_photos(
        connection: &mut Connection,
        ledger: &mut Ledger,
        author: &Author,
        gone: &BTreeSet<i64>,
    ) -> Result<(), sqlx::Error> {
        if gone.is_empty() {
            return Ok(());
        }
        // A coarse sieve, in which `_` stands for any character: what was typed is read here.
        let sql =
            "select id, typed_json from devices where typed_json like '%\"photo_doc_id\":%' order by id";
        let mut shown = BTreeSet::new();
        for row in connection.fetch(sql, Vec::new()).await? {
            let typed: Typed = stored::from_json(&row.get::<String>(1)?)?;
            if is_gone(&typed, gone) {
                shown.insert(row.get::<i64>(0)?);
            }
        }
        let mut devices = Devices::lock(connection, shown).await?;
        for device in devices.all_mut().filter(|device| is_gone(&device.typed, gone)) {
            let typed = Typed { photo_doc_id: None, ..device.typed.clone() };
            if let Some(entry) = retype(device, typed, author) {
                ledger.note(author, entry);
            }
        }
        devices.save(connection).await
    }
}

fn is_gone(typed: &Typed, gone: &BTreeSet<i64>) -> bool {
    typed.photo_doc_id.map(Id::get).is_some_and(|photo| gone.contains(&photo))
}
