//! Groups of devices, and where a device stands in its own.

use std::collections::BTreeMap;

use report::score::Basis;
use sqlx::AssertSqlSafe;

use super::connection::Read;
use super::value::{Columns, Value};
use super::{Store, StoreError, stored};
use crate::domain::device_groups::{DeviceGroup, DeviceGroups, GroupBy, GroupScore, Siblings};
use crate::domain::ranking::RANKED_COVERAGE;

/// Whose scores count: the values are the current basis and the least coverage.
const RANKED: &str = "d.basis = $1 and d.coverage >= $2 and d.global_score is not null";

fn ranked() -> Vec<Value> {
    vec![Basis::CURRENT.as_str().into(), RANKED_COVERAGE.into()]
}

/// What is read of a group to tell what it is called, and how that is told from it. Models are not in the index that makes the
/// groups, and rows are wide: that of the oldest device speaks for the group.
fn label(by: GroupBy) -> (&'static str, &'static str) {
    match by {
        GroupBy::Model => ("min(d.id)", "(select m.model from devices m where m.id = g.label)"),
        GroupBy::Kind => ("min(d.effective_kind)", "g.label"),
        GroupBy::Location => ("min(d.location)", "g.label"),
        GroupBy::Tag => ("min(t.tag)", "g.label"),
        GroupBy::Status => ("min(d.status)", "g.label"),
    }
}

/// The column that makes the groups, and where it is.
fn source(by: GroupBy) -> (&'static str, &'static str) {
    match by {
        GroupBy::Model => ("d.model_key", "from devices d where d.model_key <> ''"),
        GroupBy::Kind => ("d.effective_kind", "from devices d where true"),
        GroupBy::Location => ("d.location", "from devices d where d.location <> ''"),
        GroupBy::Tag => ("t.tag_key", "from device_tags t join devices d on d.id = t.device_id where true"),
        GroupBy::Status => ("d.status", "from devices d where true"),
    }
}

impl Store {
    /// The groups that something in common makes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_groups(&self, by: GroupBy) -> Result<DeviceGroups, StoreError> {
        let ((key, from), (read_of, label)) = (source(by), label(by));
        let most = DeviceGroups::MOST;
        let mut read = self.read().await?;
        let sql = format!("select count(distinct {key}) {from}");
        let row = read.fetch_first(AssertSqlSafe(sql), Vec::new()).await?.ok_or(sqlx::Error::RowNotFound)?;
        let total = stored::count(row.get(0)?);
        let mut scores = scores(&mut read, by).await?;
        let sql = format!(
            "select g.k, {label}, g.n from (select {key} as k, {read_of} as label, count(*) as n {from} \
             group by {key} order by count(*) desc, {key} limit {most}) g order by g.n desc, g.k"
        );
        let mut items = Vec::new();
        for row in &read.fetch(AssertSqlSafe(sql), Vec::new()).await? {
            let mut columns = Columns::of(row);
            let key: String = columns.next()?;
            let (ranked, found) = scores.remove(&key).unwrap_or_default();
            let (label, count) = (columns.next()?, stored::count(columns.next()?));
            items.push(DeviceGroup { key, label, count, score: GroupScore::of(ranked, &found) });
        }
        Ok(DeviceGroups { by, items, total })
    }
}

/// Where a device stands among those of its hardware model.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn siblings(
    read: &mut Read,
    model_key: &str,
    score: Option<f64>,
) -> Result<Siblings, StoreError> {
    let sql = format!(
        "select count(*), count(*) filter (where {RANKED}), \
         count(*) filter (where {RANKED} and d.global_score > $4) from devices d where d.model_key = $3"
    );
    let mut values = ranked();
    values.extend([model_key.into(), score.into()]);
    let row = read.fetch_first(AssertSqlSafe(sql), values).await?.ok_or(sqlx::Error::RowNotFound)?;
    let mut columns = Columns::of(&row);
    let mut count = || Ok::<_, sqlx::Error>(stored::count(columns.next()?));
    let (count, ranked_count, above) = (count()?, count()?, count()?);
    let sql = format!(
        "select d.global_score from devices d where {RANKED} and d.model_key = $3 \
         order by d.global_score, d.id limit 2 offset $4"
    );
    let below = i64::try_from(ranked_count.saturating_sub(1) / 2).unwrap_or(i64::MAX);
    let mut values = ranked();
    values.extend([model_key.into(), below.into()]);
    let rows = read.fetch(AssertSqlSafe(sql), values).await?;
    let middle = (ranked_count.saturating_sub(1) / 2 + 1..)
        .zip(&rows)
        .map(|(place, row)| Ok((place, row.get(0)?)))
        .collect::<Result<Vec<(u64, f64)>, sqlx::Error>>()?;
    Ok(Siblings {
        model_key: model_key.to_owned(),
        count,
        rank: score.map(|_| above + 1),
        ranked: ranked_count,
        median: GroupScore::of(ranked_count, &middle).median,
    })
}

/// How many scores a group has, and those around its quartiles, with their places from 1.
type Scores = (u64, Vec<(u64, f64)>);

/// By key of the group. Only the scores that the quartiles lie between leave the database.
async fn scores(read: &mut Read, by: GroupBy) -> Result<BTreeMap<String, Scores>, sqlx::Error> {
    let (key, from) = source(by);
    let most = DeviceGroups::MOST;
    let sql = format!(
        "select s.k, s.c, s.n, s.score from (select {key} as k, d.global_score as score, \
         row_number() over (partition by {key} order by d.global_score, d.id) as n, \
         count(*) over (partition by {key}) as c {from} and {RANKED} and {key} in (select g.k from \
         (select {key} as k {from} group by {key} order by count(*) desc, {key} limit {most}) g)) s \
         where s.n - 1 in ((s.c - 1) / 4, (s.c - 1) / 4 + 1, (s.c - 1) / 2, (s.c - 1) / 2 + 1, \
         (s.c - 1) * 3 / 4, (s.c - 1) * 3 / 4 + 1)"
    );
    let mut scores: BTreeMap<String, Scores> = BTreeMap::new();
    for row in &read.fetch(AssertSqlSafe(sql), ranked()).await? {
        let mut columns = Columns::of(row);
        let (key, count): (String, i64) = (columns.next()?, columns.next()?);
        let place = stored::count(columns.next()?);
        let group = scores.entry(key).or_default();
        group.0 = stored::count(count);
        group.1.push((place, columns.next()?));
    }
    Ok(scores)
}
