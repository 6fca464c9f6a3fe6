//! Everything about one machine, in one read transaction.

use std::collections::BTreeMap;

use report::facts::hardware;
use report::hardware::Hardware;
use report::measurement::Verdict;
use report::missing::Missing;
use report::{Component, Timestamp};

use super::connection::Read;
use super::ranking::figure;
use super::snapshots::{corrupt, facts};
use super::value::{Columns, Row};
use super::{Store, StoreError, stored};
use crate::domain::device_page::{ComponentState, DevicePage, HistoryLine};
use crate::domain::standing::{
    ComponentResult, Standing, StoredReason, inventory_only, is_unscored, worst_reason,
};

/// Lines of the history that the page shows.
const HISTORY: i64 = 50;

impl Store {
    /// Reads what the page of a machine shows; `None` if there is no such machine.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_page(&self, id: i64) -> Result<Option<DevicePage>, StoreError> {
        let mut read = self.read().await?;
        let sql = "select d.name, d.effective_kind, d.model, d.standing_json, d.global_score, d.global_low, d.global_high, \
                   d.verdict, d.benchmarks, h.id, h.name, d.snapshot_id, d.hints_json \
                   from devices d left join devices h on h.id = coalesce(d.typed_hosted_on, d.hosted_on) where d.id = $1";
        let Some(row) = read.fetch_first(sql, vec![id.into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let (mut page, standing) = head(id, &mut columns)?;
        let snapshot_id = columns.next()?;
        page.hints = hints(&mut read, &columns.next::<String>()?).await?;
        newest(&mut read, &mut page, snapshot_id).await?;
        measured(&mut read, &mut page).await?;
        for (component, evidence) in standing.counting() {
            let state = page.components.entry(component).or_default();
            *state = state_of(&evidence.result);
            state.figure = figure(evidence);
            state.metrics = metrics(&mut read, evidence.benchmark_id, component).await?;
        }
        page.benchmarks = history(&mut read, id).await?;
        Ok(Some(page))
    }
}

/// What the device's own row says, as far as its benchmarks.
fn head(id: i64, columns: &mut Columns<'_>) -> Result<(DevicePage, Standing), sqlx::Error> {
    let name = columns.next()?;
    let kind = stored::kind(&columns.next::<String>()?);
    let model: String = columns.next()?;
    let standing: Standing = stored::from_json(&columns.next::<String>()?)?;
    let (global, _) = stored::global(columns)?;
    let benchmarks_total = stored::count(columns.next()?);
    let host: (Option<i64>, Option<String>) = (columns.next()?, columns.next()?);
    let page = DevicePage {
        id,
        name,
        kind,
        model: (!model.is_empty()).then_some(model),
        host: host.0.zip(host.1),
        global,
        basis: standing.basis().unwrap_or_default().to_owned(),
        hints: Vec::new(),
        components: BTreeMap::new(),
        hardware: Hardware::default(),
        read_at: None,
        missing: Vec::new(),
        benchmarks: Vec::new(),
        benchmarks_total,
    };
    Ok((page, standing))
}

/// What to tell of other machines, each by its name.
async fn hints(read: &mut Read, text: &str) -> Result<Vec<(String, Option<(i64, String)>)>, sqlx::Error> {
    let mut found = Vec::new();
    for hint in stored::hints(text)? {
        if hint.device_ids.is_empty() {
            found.push((hint.kind.clone(), None));
        }
        for id in hint.device_ids {
            let name = "select name from devices where id = $1";
            if let Some(row) = read.fetch_first(name, vec![id.into()]).await? {
                let line = (hint.kind.clone(), Some((id, row.get(0)?)));
                if !found.contains(&line) {
                    found.push(line);
                }
            }
        }
    }
    Ok(found)
}

/// What the newest benchmark says of the hardware, and what it lacks.
async fn newest(read: &mut Read, page: &mut DevicePage, snapshot_id: Option<i64>) -> Result<(), StoreError> {
    let sql = "select b.effective_at, b.readings_json, b.missing_json, s.facts_json \
               from benchmarks b, hardware_snapshots s where b.device_id = $1 and s.id = $2 \
               order by b.effective_at desc, b.id desc limit 1";
    let Some(row) = read.fetch_first(sql, vec![page.id.into(), snapshot_id.into()]).await? else {
        return Ok(());
    };
    let mut columns = Columns::of(&row);
    page.read_at = Some(Timestamp::from_ms(columns.next()?));
    let readings: serde_json::Value = stored::from_json(&columns.next::<String>()?)?;
    page.missing = stored::from_json::<Vec<Missing>>(&columns.next::<String>()?)?;
    let facts = facts(&columns.next::<String>()?)?;
    page.hardware = hardware(&facts, &readings).map_err(corrupt)?;
    Ok(())
}

/// What the newest benchmark that measured says of the components, their figures included: a later inventory says
/// nothing of them, so it must not speak over it.
async fn measured(read: &mut Read, page: &mut DevicePage) -> Result<(), StoreError> {
    let sql = "select id, missing_json, components_json from benchmarks where device_id = $1 and excluded = 0 \
               order by effective_at desc, id desc limit $2";
    for row in read.fetch(sql, vec![page.id.into(), HISTORY.into()]).await? {
        let mut columns = Columns::of(&row);
        let benchmark_id: i64 = columns.next()?;
        let missing: Vec<Missing> = stored::from_json(&columns.next::<String>()?)?;
        let results: BTreeMap<Component, ComponentResult> = stored::from_json(&columns.next::<String>()?)?;
        if inventory_only(&results, &missing) {
            continue;
        }
        page.missing.retain(|missing| !missing.path.starts_with("results"));
        page.missing.extend(missing.into_iter().filter(|missing| missing.path.starts_with("results")));
        for (component, result) in results {
            let metrics = metrics(read, benchmark_id, component).await?;
            page.components.insert(component, ComponentState { metrics, ..state_of(&result) });
        }
        break;
    }
    Ok(())
}

fn state_of(result: &ComponentResult) -> ComponentState {
    // Of the reasons, these are why there is no score; the others only say how sure the figures are.
    let says_why = |reason: &&StoredReason| result.score.is_none() && is_unscored(&reason.code);
    let (first, rest): (Vec<_>, Vec<_>) = result.reasons.iter().partition(says_why);
    let reason = |reason: &StoredReason| {
        let evidence = (!reason.evidence.is_empty()).then(|| reason.evidence.clone());
        (reason.code.clone(), evidence)
    };
    ComponentState {
        figure: None,
        verdict: result.verdict,
        reasons: first.into_iter().chain(rest).map(reason).collect(),
        metrics: BTreeMap::new(),
    }
}

async fn metrics(
    read: &mut Read,
    benchmark_id: i64,
    component: Component,
) -> Result<BTreeMap<String, f64>, sqlx::Error> {
    // `/` follows `.`: metrics of this component.
    let sql = "select metric, value from metric_values where benchmark_id = $1 and metric >= $2 and metric < $3 \
               and variant = ''";
    let values = vec![benchmark_id.into(), format!("{component}.").into(), format!("{component}/").into()];
    let rows = read.fetch(sql, values).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

async fn history(read: &mut Read, device_id: i64) -> Result<Vec<HistoryLine>, sqlx::Error> {
    let sql = "select effective_at, preset, global_score, global_low, global_high, verdict, components_json, label \
               from benchmarks where device_id = $1 order by effective_at desc, id desc limit $2";
    let rows = read.fetch(sql, vec![device_id.into(), HISTORY.into()]).await?;
    rows.iter().map(line).collect()
}

fn line(row: &Row) -> Result<HistoryLine, sqlx::Error> {
    let mut columns = Columns::of(row);
    let at = Timestamp::from_ms(columns.next()?);
    let preset: Option<String> = columns.next()?;
    let (global, verdict) = stored::global(&mut columns)?;
    let results: BTreeMap<Component, ComponentResult> = stored::from_json(&columns.next::<String>()?)?;
    Ok(HistoryLine {
        at,
        preset: preset.as_deref().and_then(stored::preset),
        global,
        measured: results
            .iter()
            .filter(|(_, r)| r.score.is_some())
            .map(|(component, _)| *component)
            .collect(),
        verdict,
        reason: worst_reason(&results).filter(|_| verdict != Verdict::Valid),
        label: columns.next()?,
    })
}
