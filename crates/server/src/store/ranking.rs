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

const COLUMNS: &str = "d.id, d.name, d.effective_kind, d.model, h.name, d.standing_json, \
                       d.global_score, d.global_low, d.global_high, d.verdict, d.last_benchmark_json, d.recent_json, d.basis";
const FROM: &str = "from devices d left join devices h on h.id = coalesce(d.typed_hosted_on, d.hosted_on) \
                    where (cast($1 as text) is null or d.effective_kind = $1)";

impl Store {
    /// Reads the ranking.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ranking(&self, query: RankingQuery) -> Result<Ranking, StoreError> {
        let mut read = self.read().await?;
        let mut ranking = totals(&mut read).await?;
        ranked(&mut read, query, &mut ranking).await?;
        others(&mut read, query, &mut ranking).await?;
        Ok(ranking)
    }
}

async fn totals(read: &mut Read) -> Result<Ranking, sqlx::Error> {
    let sql = "select count(*), cast(coalesce(sum(benchmarks), 0) as bigint), \
               count(*) filter (where verdict <> 'valid') from devices";
    let row = read.fetch_first(sql, Vec::new()).await?.ok_or(sqlx::Error::RowNotFound)?;
    let mut columns = Columns::of(&row);
    let mut count = || Ok::<_, sqlx::Error>(stored::count(columns.next()?));
    Ok(Ranking { devices: count()?, benchmarks: count()?, attention: count()?, ..Ranking::default() })
}

/// The number is [`crate::domain::ranking::RANKED_COVERAGE`].
const RANKED: &str = "d.basis = $2 and d.coverage >= 0.499 and d.global_score is not null";
const WAITING: &str =
    "(d.basis is null or (d.basis = $2 and (d.coverage < 0.499 or d.global_score is null)))";

/// What is ranked by, who is ranked by it, and who is not.
struct Order {
    score: &'static str,
    ranked: String,
    waiting: String,
}

impl Order {
    fn of(by: Option<Component>) -> Self {
        let score = match by {
            None => {
                return Self { score: "d.global_score", ranked: RANKED.into(), waiting: WAITING.into() };
            }
            Some(Component::Cpu) => "d.cpu_score",
            Some(Component::Memory) => "d.memory_score",
            Some(Component::Disk) => "d.disk_score",
            Some(Component::Network) => "d.network_score",
            Some(Component::Gpu) => "d.gpu_score",
        };
        let ranked = format!("d.basis = $2 and {score} is not null");
        let waiting = format!("(d.basis is null or (d.basis = $2 and {score} is null))");
        Self { score, ranked, waiting }
    }
}

async fn ranked(read: &mut Read, query: RankingQuery, ranking: &mut Ranking) -> Result<(), sqlx::Error> {
    let Order { score, ranked, waiting } = Order::of(query.by);
    let filter = || vec![kind(query), Value::from(Basis::CURRENT.as_str())];
    let sql = format!("select count(*), min({score}), max({score}) {FROM} and {ranked}");
    let row = fetch(read, sql, filter()).await?;
    let row = row.first().ok_or(sqlx::Error::RowNotFound)?;
    ranking.ranked_total = stored::count(row.get(0)?);
    let ends: [Option<f64>; 2] = [row.get(1)?, row.get(2)?];
    ranking.extent = Extent { ranked: ends.into_iter().flatten().collect(), components: Vec::new() };
    let sql = format!("select {COLUMNS} {FROM} and {ranked} order by {score} desc, d.id limit $3 offset $4");
    let mut values = filter();
    values.extend([i64::from(query.limit).into(), i64::try_from(query.offset).unwrap_or(i64::MAX).into()]);
    ranking.ranked = devices(&fetch(read, sql, values).await?)?;
    let row = fetch(read, format!("select count(*) {FROM} and {waiting}"), filter()).await?;
    ranking.waiting_total = stored::count(row.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?);
    let sql =
        format!("select {COLUMNS} {FROM} and {waiting} order by d.last_benchmark_at desc, d.id limit $3");
    let mut values = filter();
    values.push(i64::from(query.limit).into());
    ranking.waiting = devices(&fetch(read, sql, values).await?)?;
    Ok(())
}

async fn others(read: &mut Read, query: RankingQuery, ranking: &mut Ranking) -> Result<(), sqlx::Error> {
    const OTHERS: &str = "d.basis is not null and d.basis <> $2 and d.global_score is not null";
    let sql = format!("select d.basis, count(*) {FROM} and {OTHERS} group by d.basis");
    for row in &fetch(read, sql, vec![kind(query), Basis::CURRENT.as_str().into()]).await? {
        ranking.others_totals.insert(row.get(0)?, stored::count(row.get(1)?));
    }
    // Each scale gets its best, however many the others have.
    let sql = format!(
        "select {COLUMNS} from (select d.*, row_number() over (partition by d.basis order by d.global_score desc, d.id) \
         as place from devices d where (cast($1 as text) is null or d.effective_kind = $1) and {OTHERS}) d \
         left join devices h on h.id = coalesce(d.typed_hosted_on, d.hosted_on) where d.place <= $3 order by d.global_score desc, d.id"
    );
    let values = vec![kind(query), Basis::CURRENT.as_str().into(), i64::from(query.limit).into()];
    let mut others: BTreeMap<String, Vec<RankedDevice>> = BTreeMap::new();
    for row in &fetch(read, sql, values).await? {
        others.entry(row.get(12)?).or_default().push(device(row)?);
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
    let model: String = columns.next()?;
    let host = columns.next()?;
    let standing: Standing = stored::from_json(&columns.next::<String>()?)?;
    let (global, _) = stored::global(&mut columns)?;
    let last = stored::last_benchmark(columns.next::<Option<String>>()?.as_deref())?;
    let recent: Vec<(i64, f64)> = stored::from_json(&columns.next::<String>()?)?;
    let components = standing.counting().filter_map(|(component, e)| Some((component, figure(e)?))).collect();
    Ok(RankedDevice {
        device_id,
        name,
        kind,
        model: (!model.is_empty()).then_some(model),
        host,
        global,
        components,
        last,
        recent: recent.into_iter().map(|(_, score)| score).collect(),
    })
}

/// The score of a component as it is drawn.
pub(super) fn figure(evidence: &Evidence) -> Option<Figure> {
    let result = &evidence.result;
    let suspect = result.verdict != Verdict::Valid;
    Some(Figure { value: result.score?, low: result.low, high: result.high, suspect })
}

#[cfg(test)]
mod tests {
    use super::{RANKED, WAITING};
    use crate::domain::ranking::RANKED_COVERAGE;

    #[test]
    fn the_ranking_has_one_threshold() {
        assert!(RANKED.contains(&format!("coverage >= {RANKED_COVERAGE} ")), "{RANKED}");
        assert!(WAITING.contains(&format!("coverage < {RANKED_COVERAGE} ")), "{WAITING}");
    }
}
