//! What /metrics/devices tells of each device: few columns of many rows.

use super::value::{Columns, Row};
use super::{Store, StoreError};
use crate::domain::gauges::DeviceGauges;

impl Store {
    /// Devices with ids above this one, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_gauges(&self, above: i64, limit: u32) -> Result<Vec<DeviceGauges>, StoreError> {
        let sql = "select id, coalesce(nullif(name, ''), device_identifier), basis, global_score, cpu_score, \
                   memory_score, disk_score, network_score, gpu_score, last_benchmark_at, benchmarks from devices \
                   where id > $1 order by id limit $2";
        let rows = self.read().await?.fetch(sql, vec![above.into(), i64::from(limit).into()]).await?;
        Ok(rows.iter().map(gauges).collect::<Result<_, _>>()?)
    }
}

fn gauges(row: &Row) -> Result<DeviceGauges, sqlx::Error> {
    let mut columns = Columns::of(row);
    let (id, name, basis, global) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let mut components = [None; 5];
    for score in &mut components {
        *score = columns.next()?;
    }
    let (last_benchmark_at_ms, benchmarks): (i64, i64) = (columns.next()?, columns.next()?);
    let last_benchmark_at_ms = (benchmarks > 0).then_some(last_benchmark_at_ms);
    Ok(DeviceGauges { id, name, basis, global, components, last_benchmark_at_ms })
}
