//! Everything that `/` shows, in one read transaction.

use std::collections::BTreeMap;

use report::Component;
use report::measurement::Verdict;
use report::score::Basis;

use super::connection::Read;
use super::value::{Columns, Row, Value};
use super::{Store, StoreError, stored};
use crate::domain::figure::Figure;
use crate::domain::ranking::{Extent, RankedDevice, Ranking, RankingQuery};
use crate::domain::standing::{Evidence, Standing};
use crate::domain::submission::Reported;

const COLUMNS: &str = "d.id, d.device_identifier, d.kind, d.reported_json, h.device_identifier, d.standing_json, \
                       d.global_score, d.global_low, d.global_high, d.verdict, d.last_benchmark_json, d.basis";
const FROM: &str =
    "from devices d left join devices h on h.id = d.hosted_on where ($1 is null or d.kind = $1)";

impl Store {
    /// Reads the ranking.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ranking(&self, query: RankingQuery) -> Result<Ranking, StoreError> {
        let mut read = self.read().await?;
        let mut ranking = totals(&mut read).await?;
        match query.by {
            None => by_score(&mut read, query, &mut ranking).await?,
            Some(component) => by_component(&mut read, query, component, &mut ranking).await?,
        }
        others(&mut read, query, &mut ranking).await?;
        Ok(ranking)
    }
}

async fn totals(read: &mut Read) -> Result<Ranking, sqlx::Error> {
    let sql = "select count(*), cast(coalesce(sum(benchmarks), 0) as bigint), \
               count(*) filter (where verdict <> 'valid') from devices";
    let row = read.fetch_first(sql, Vec::new()).await?.ok_or(sqlx::Error::RowNotFound)?;
    let mut columns = Columns::of(&row);
    let mut count = || Ok::<_, sqlx::Error>(u64::try_from(columns.next::<i64>()?).unwrap_or(0));
    Ok(Ranking { devices: count()?, benchmarks: count()?, attention: count()?, ..Ranking::default() })
}

/// Half of the weight, with room for rounding.
const RANKED: &str = "d.basis = $2 and d.coverage >= 0.499 and d.global_score is not null";

async fn by_score(read: &mut Read, query: RankingQuery, ranking: &mut Ranking) -> Result<(), sqlx::Error> {
    let basis = Basis::CURRENT.as_str();
    let filter = || vec![kind(query), Value::from(basis)];
    let sql = format!("select count(*), min(d.global_score), max(d.global_score) {FROM} and {RANKED}");
    let row = fetch(read, sql, filter()).await?;
    let row = row.first().ok_or(sqlx::Error::RowNotFound)?;
    ranking.ranked_total = u64::try_from(row.get::<i64>(0)?).unwrap_or(0);
    let ends: [Option<f64>; 2] = [row.get(1)?, row.get(2)?];
    ranking.extent = Extent { ranked: ends.into_iter().flatten().collect(), components: Vec::new() };
    let sql =
        format!("select {COLUMNS} {FROM} and {RANKED} order by d.global_score desc, d.id limit $3 offset $4");
    let mut values = filter();
    values.extend([i64::from(query.limit).into(), i64::try_from(query.offset).unwrap_or(i64::MAX).into()]);
    ranking.ranked = devices(&fetch(read, sql, values).await?)?;
    let waiting = "(d.basis is null or (d.basis = $2 and (d.coverage < 0.499 or d.global_score is null)))";
    let row = fetch(read, format!("select count(*) {FROM} and {waiting}"), filter()).await?;
    let total = row.first().ok_or(sqlx::Error::RowNotFound)?.get::<i64>(0)?;
    ranking.waiting_total = u64::try_from(total).unwrap_or(0);
    let sql =
        format!("select {COLUMNS} {FROM} and {waiting} order by d.last_benchmark_at desc, d.id limit $3");
    let mut values = filter();
    values.push(i64::from(query.limit).into());
    ranking.waiting = devices(&fetch(read, sql, values).await?)?;
    Ok(())
}

/// Scores of components stand in the standing, so all devices of the filter are read and sorted here.
async fn by_component(
    read: &mut Read,
    query: RankingQuery,
    component: Component,
    ranking: &mut Ranking,
) -> Result<(), sqlx::Error> {
    let sql = format!("select {COLUMNS} {FROM} and (d.basis = $2 or d.basis is null) order by d.id");
    let all = devices(&fetch(read, sql, vec![kind(query), Basis::CURRENT.as_str().into()]).await?)?;
    let has = |device: &RankedDevice| device.components.contains_key(&component);
    let (mut ranked, waiting): (Vec<_>, Vec<_>) = all.into_iter().partition(has);
    let score = |device: &RankedDevice| device.components.get(&component).map_or(0.0, |figure| figure.value);
    ranked.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.device_id.cmp(&b.device_id)));
    ranking.extent.ranked = ranked.iter().map(score).collect();
    ranking.ranked_total = ranked.len() as u64;
    ranking.waiting_total = waiting.len() as u64;
    let (offset, limit) = (usize::try_from(query.offset).unwrap_or(usize::MAX), query.limit as usize);
    ranking.ranked = ranked.into_iter().skip(offset).take(limit).collect();
    ranking.waiting = waiting.into_iter().take(limit).collect();
    Ok(())
}

async fn others(read: &mut Read, query: RankingQuery, ranking: &mut Ranking) -> Result<(), sqlx::Error> {
    let sql = format!(
        "select {COLUMNS} {FROM} and d.basis is not null and d.basis <> $2 and d.global_score is not null \
         order by d.global_score desc, d.id limit $3"
    );
    let values = vec![kind(query), Basis::CURRENT.as_str().into(), i64::from(query.limit).into()];
    let mut others: BTreeMap<String, Vec<RankedDevice>> = BTreeMap::new();
    for row in &fetch(read, sql, values).await? {
        others.entry(row.get(11)?).or_default().push(device(row)?);
    }
    ranking.others = others;
    Ok(())
}

fn kind(query: RankingQuery) -> Value {
    Value::Text(query.kind.map(|kind| kind.as_str().to_owned()))
}

async fn fetch(read: &mut Read, sql: String, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
    read.fetch(sqlx::AssertSqlSafe(sql), values).await
}

fn devices(rows: &[Row]) -> Result<Vec<RankedDevice>, sqlx::Error> {
    rows.iter().map(device).collect()
}

fn device(row: &Row) -> Result<RankedDevice, sqlx::Error> {
    let mut columns = Columns::of(row);
    let (device_id, name) = (columns.next()?, columns.next()?);
    let kind = stored::kind(&columns.next::<String>()?);
    let reported: Reported = stored::from_json(&columns.next::<String>()?)?;
    let host = columns.next()?;
    let standing: Standing = stored::from_json(&columns.next::<String>()?)?;
    let (value, low, high): (Option<f64>, _, _) = (columns.next()?, columns.next()?, columns.next()?);
    let suspect = stored::verdict(&columns.next::<String>()?) != Verdict::Valid;
    let last = stored::last_benchmark(columns.next::<Option<String>>()?.as_deref())?;
    let components = standing.counting().filter_map(|(component, e)| Some((component, figure(e)?))).collect();
    Ok(RankedDevice {
        device_id,
        name,
        kind,
        model: reported.model,
        host,
        global: value.map(|value| Figure { value, low, high, suspect }),
        components,
        last,
        recent: Vec::new(),
    })
}

/// The score of a component as it is drawn.
pub(super) fn figure(evidence: &Evidence) -> Option<Figure> {
    let result = &evidence.result;
    let suspect = result.verdict != Verdict::Valid;
    Some(Figure { value: result.score?, low: result.low, high: result.high, suspect })
}
