//! Columns that are worked out from others: devices that an earlier version wrote get theirs when the server starts.

use std::collections::BTreeSet;

use report::facts::Facts;

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::value::Value;
use super::device::Stored;
use super::devices::Devices;
use super::{Change, Ledger, shown};
use crate::domain::submission::Described;
use crate::store::Store;

/// Name of the setting that says how the columns were worked out.
const SETTING: &str = "device_columns";
/// How this version does: another number makes every device's anew.
const WAY: &str = "2";
/// Devices of one transaction.
const PAGE: usize = 256;

impl Store {
    /// Works the columns of every device out anew, if that was not done in this version's way.
    pub(in crate::store) async fn refresh(&self) -> Result<(), StoreError> {
        if self.setting(SETTING).await?.as_deref() == Some(WAY) {
            return Ok(());
        }
        let mut after = Some(0);
        while let Some(id) = after {
            after = self.inner.writer.write(RefreshDevices { after: id }).await?;
        }
        self.put_setting(SETTING, WAY).await
    }
}

/// Works the columns of the devices behind that id out anew, as many as fit a transaction.
struct RefreshDevices {
    after: i64,
}

impl Change for RefreshDevices {
    /// Where to go on.
    type Done = Option<i64>;

    async fn write(&self, connection: &mut Connection, _: &mut Ledger) -> Result<Option<i64>, sqlx::Error> {
        devices(connection, self.after).await
    }
}

async fn devices(connection: &mut Connection, after: i64) -> Result<Option<i64>, sqlx::Error> {
    let sql = "select id from devices where id > $1 order by id limit $2";
    let values = vec![after.into(), i64::try_from(PAGE).unwrap_or(i64::MAX).into()];
    let rows = connection.fetch(sql, values).await?;
    let ids = rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<BTreeSet<_>, _>>()?;
    let mut devices = Devices::lock(connection, ids.clone()).await?;
    let models = learn_models(connection, &mut devices, &ids).await?;
    devices.all_mut().for_each(|device| device.stored = Stored::Unknown);
    devices.save(connection).await?;
    for (id, model_key) in models {
        if devices.find(id).is_some_and(|device| device.shown().model_key != model_key) {
            shown::leave_documents(connection, &model_key, id).await?;
        }
    }
    Ok(ids.last().copied().filter(|_| ids.len() == PAGE))
}

/// Earlier versions did not keep the hardware model, or went by the newest report alone: the facts of the newest snapshot say
/// what is known of the machine as a whole. The models that the devices had until now.
async fn learn_models(
    connection: &mut Connection,
    devices: &mut Devices,
    ids: &BTreeSet<i64>,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    const FACTS: Bulk = Bulk::any_of(
        "select d.id, s.facts_json, d.model_key from devices d join hardware_snapshots s on s.id = d.snapshot_id where d.id in",
        "",
    );
    let mut models = Vec::new();
    for row in connection.fetch_bulk(&FACTS, ids.iter().map(|id| Value::from(*id)).collect()).await? {
        let Some(device) = devices.find_mut(row.get(0)?) else { continue };
        models.push((device.id, row.get(2)?));
        let facts = Facts::from_json(&row.get::<String>(1)?);
        match facts.and_then(|facts| Described::of(&facts)) {
            Ok(described) => device.describe(described),
            Err(error) => tracing::warn!(device = device.id, %error, "no hardware model"),
        }
    }
    Ok(models)
}
