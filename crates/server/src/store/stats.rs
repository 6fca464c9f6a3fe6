//! What all machines together come to, in one read transaction.

use report::Timestamp;
use report::score::Basis;

use super::connection::Read;
use super::value::Columns;
use super::{Store, StoreError, stored};
use crate::domain::ranking::RANKED_COVERAGE;
use crate::domain::stats::{NewestBenchmark, Quantile, ScoreStats, Stats};

impl Store {
    /// Counts, and how the scores lie.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stats(&self) -> Result<Stats, StoreError> {
        let mut read = self.read().await?;
        let sql = "select count(*), cast(coalesce(sum(benchmarks), 0) as bigint), \
                   (select count(*) from hardware_snapshots), \
                   count(*) filter (where basis = $1 and coverage >= $2 and global_score is not null) from devices";
        let values = vec![Basis::CURRENT.as_str().into(), RANKED_COVERAGE.into()];
        let row = read.fetch_first(sql, values).await?.ok_or(sqlx::Error::RowNotFound)?;
        let mut columns = Columns::of(&row);
        let mut count = || Ok::<_, sqlx::Error>(stored::count(columns.next()?));
        let (devices, benchmarks, snapshots, ranked) = (count()?, count()?, count()?, count()?);
        let score = scores(&mut read, ranked).await?;
        let last_benchmark = newest(&mut read).await?;
        Ok(Stats { devices, benchmarks, snapshots, score, last_benchmark })
    }
}

async fn scores(read: &mut Read, ranked: u64) -> Result<ScoreStats, sqlx::Error> {
    Ok(ScoreStats {
        score_basis: Basis::CURRENT.as_str(),
        ranked,
        q1: quantile(read, 1, ranked).await?,
        median: quantile(read, 2, ranked).await?,
        q3: quantile(read, 3, ranked).await?,
    })
}

/// The index on the score leads there; nothing is sorted.
async fn quantile(read: &mut Read, quarters: u64, ranked: u64) -> Result<Option<f64>, sqlx::Error> {
    if ranked == 0 {
        return Ok(None);
    }
    let quantile = Quantile::quarters(quarters, ranked);
    let sql = "select global_score from devices where basis = $1 and coverage >= $2 and global_score is not null \
               order by global_score, id limit 2 offset $3";
    let below = i64::try_from(quantile.below).unwrap_or(i64::MAX);
    let values = vec![Basis::CURRENT.as_str().into(), RANKED_COVERAGE.into(), below.into()];
    let rows = read.fetch(sql, values).await?;
    let scores = rows.iter().map(|row| row.get::<f64>(0)).collect::<Result<Vec<_>, _>>()?;
    let [low, high] = [scores.first(), scores.get(1).or(scores.first())];
    Ok(low.zip(high).map(|(low, high)| quantile.between(*low, *high)))
}

async fn newest(read: &mut Read) -> Result<Option<NewestBenchmark>, sqlx::Error> {
    let sql = "select b.id, b.device_id, d.name, b.effective_at, b.global_score, b.coverage, b.verdict, b.excluded \
               from benchmarks b join devices d on d.id = b.device_id order by b.effective_at desc, b.id desc limit 1";
    let Some(row) = read.fetch_first(sql, Vec::new()).await? else { return Ok(None) };
    let mut columns = Columns::of(&row);
    Ok(Some(NewestBenchmark {
        id: columns.next()?,
        device_id: columns.next()?,
        device_name: columns.next()?,
        effective_at: Timestamp::from_ms(columns.next()?),
        global_score: columns.next()?,
        coverage: columns.next()?,
        verdict: stored::verdict(&columns.next::<String>()?),
        excluded: columns.next::<i64>()? != 0,
    }))
}
