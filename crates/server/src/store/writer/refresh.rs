//! Columns that are worked out from others: devices that an earlier version wrote get theirs when the server starts.

use std::collections::BTreeSet;

use report::facts::{Facts, hardware};
use report::hardware_model;

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::error::Class;
use super::super::value::Value;
use super::RACES;
use super::devices::Devices;

/// Name of the setting that says how the columns were worked out.
const SETTING: &str = "device_columns";
/// How this version does: another number makes every device's anew.
const WAY: &str = "1";
/// Devices of one transaction.
const PAGE: usize = 256;

/// Works the columns of every device out anew, if that was not done in this version's way.
pub(in crate::store) async fn refresh(connection: &mut Connection) -> Result<(), sqlx::Error> {
    let rows = connection.fetch("select value from settings where name = $1", vec![SETTING.into()]).await?;
    if rows.first().map(|row| row.get::<String>(0)).transpose()?.as_deref() == Some(WAY) {
        return Ok(());
    }
    let mut after = Some(0);
    while let Some(id) = after {
        after = page(connection, id).await?;
    }
    let sql = "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
    connection.execute(sql, vec![SETTING.into(), WAY.into()]).await.map(drop)
}

/// The devices behind that id, as many as fit a transaction; where to go on.
async fn page(connection: &mut Connection, after: i64) -> Result<Option<i64>, sqlx::Error> {
    for _ in 1..RACES {
        match transaction(connection, after).await {
            Err(error) if Class::of(&error) == Class::Race => {}
            done => return done,
        }
    }
    transaction(connection, after).await
}

async fn transaction(connection: &mut Connection, after: i64) -> Result<Option<i64>, sqlx::Error> {
    connection.begin().await?;
    match devices(connection, after).await {
        Ok(last) => connection.commit().await.map(|()| last),
        Err(error) => {
            connection.rollback().await?;
            Err(error)
        }
    }
}

async fn devices(connection: &mut Connection, after: i64) -> Result<Option<i64>, sqlx::Error> {
    let sql = "select id from devices where id > $1 order by id limit $2";
    let values = vec![after.into(), i64::try_from(PAGE).unwrap_or(i64::MAX).into()];
    let rows = connection.fetch(sql, values).await?;
    let ids = rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<BTreeSet<_>, _>>()?;
    let mut devices = Devices::lock(connection, ids.clone()).await?;
    learn_models(connection, &mut devices, &ids).await?;
    devices.all_mut().for_each(|device| device.stored = None);
    devices.save(connection).await?;
    Ok(ids.last().copied().filter(|_| ids.len() == PAGE))
}

/// Earlier versions did not keep the hardware model: the facts of the newest snapshot say it.
async fn learn_models(
    connection: &mut Connection,
    devices: &mut Devices,
    ids: &BTreeSet<i64>,
) -> Result<(), sqlx::Error> {
    const FACTS: Bulk = Bulk::any_of(
        "select d.id, s.facts_json from devices d join hardware_snapshots s on s.id = d.snapshot_id where d.id in",
        "",
    );
    for row in connection.fetch_bulk(&FACTS, ids.iter().map(|id| Value::from(*id)).collect()).await? {
        let Some(device) = devices.find_mut(row.get(0)?) else { continue };
        let facts = Facts::from_json(&row.get::<String>(1)?);
        match facts.and_then(|facts| hardware(&facts, &serde_json::Value::Null)) {
            Ok(hardware) => device.reported.hardware_model = hardware_model(&hardware, device.kind),
            Err(error) => tracing::warn!(device = device.id, %error, "no hardware model"),
        }
    }
    Ok(())
}
