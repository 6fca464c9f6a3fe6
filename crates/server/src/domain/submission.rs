//! From a parsed report to what is stored: everything that the report alone decides, before any lock.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use report::facts::{self, Facts, FactsError, facts_and_readings};
use report::identity::{Claim, claim};
use report::missing::Missing;
use report::score::{Basis, ComponentScore, score};
use report::series::{MetricValue, series};
use report::verdict::{ReasonCode, Verdict, judge};
use report::{Component, DeviceKind, Preset, Report, Timestamp, hardware_model, kind, kind_of, model_label};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zstd::bulk::{Compressor, Decompressor};

use super::standing::{ComponentResult, StoredReason, component_results};

/// A report with everything that can be derived from it alone, ready to be written.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The client's `report_id`, or `sha256:…` of the body where there is none.
    pub report_id: String,
    /// SHA-256 of the decoded body.
    pub body_sha256: [u8; 32],
    /// The decoded body, zstd-compressed.
    pub body_zstd: Vec<u8>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When it was measured, with the client's clock corrected.
    pub effective_at: Timestamp,
    /// When the client began, by its own clock.
    pub started_at: Option<Timestamp>,
    /// When the client finished, by its own clock.
    pub finished_at: Option<Timestamp>,
    /// How long it could take.
    pub preset: Option<Preset>,
    /// Version of the client.
    pub client_version: Option<String>,
    /// Short free text.
    pub label: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Who it is from.
    pub claim: Claim,
    /// The one device whose reports its token sends: under that name it must be filed.
    pub only_device: Option<Arc<str>>,
    /// What the report says of the machine besides its parts.
    pub reported: Reported,
    /// What it is made of.
    pub facts: Facts,
    /// Digest of these facts and of what is missing: equal digests lead to equal snapshots.
    pub facts_seen: [u8; 32],
    /// What moves.
    pub readings_json: String,
    /// Conditions of measurement.
    pub environment_json: Option<String>,
    /// What could not be read or run.
    pub missing: Vec<Missing>,
    /// Scale of the scores.
    pub basis: Basis,
    /// The score of this benchmark.
    pub global: Option<ComponentScore>,
    /// Share of the weight that was measured, 0 to 1.
    pub coverage: f64,
    /// The benchmark's verdict.
    pub verdict: Verdict,
    /// How each component came out.
    pub components: BTreeMap<Component, ComponentResult>,
    /// What is worth knowing.
    pub notes: Vec<StoredReason>,
    /// Every figure that has a history.
    pub series: Vec<MetricValue>,
}

impl Reported {
    /// Takes the names that a report says the machine has on the network, unless it could not read them.
    pub fn hear(&mut self, heard: &Self, missing: &[Missing]) {
        let unread = |path: &str| missing.iter().any(|gap| gap.path.trim_start_matches("hardware.") == path);
        for (known, heard, path) in
            [(&mut self.hostname, &heard.hostname, "os.hostname"), (&mut self.fqdn, &heard.fqdn, "os.fqdn")]
        {
            if heard.is_some() && (known.is_none() || !unread(path)) {
                known.clone_from(heard);
            }
        }
    }
}

impl Submission {
    /// The same figures under another id and at another time, as `body` says them.
    ///
    /// # Errors
    /// When the body cannot be compressed, for want of memory.
    pub fn once_more(
        &self,
        report_id: String,
        body: &[u8],
        started_at: Timestamp,
        finished_at: Timestamp,
    ) -> std::io::Result<Self> {
        Ok(Self {
            report_id,
            body_sha256: Sha256::digest(body).into(),
            body_zstd: compress(body)?,
            received_at: finished_at,
            effective_at: started_at,
            started_at: Some(started_at),
            finished_at: Some(finished_at),
            ..self.clone()
        })
    }
}

/// What reports say of a machine, kept with the device: what the newest could not read stays as it was known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Host name with its domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fqdn: Option<String>,
    /// Maker and model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What machines of this hardware model share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware_model: Option<String>,
}

/// What the facts say of a machine as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What sort of machine it is.
    pub kind: DeviceKind,
    /// Maker and model.
    pub model: Option<String>,
    /// What machines of this hardware model share.
    pub hardware_model: Option<String>,
}

impl Described {
    /// From everything that is known of it, whichever report said so: what the newest could not read stays as it was known.
    ///
    /// # Errors
    /// If the facts are not what was stored.
    pub fn of(facts: &Facts) -> Result<Self, FactsError> {
        let hardware = facts::hardware(facts, &serde_json::Value::Null)?;
        let kind = kind_of(&hardware);
        Ok(Self { kind, model: model_label(&hardware), hardware_model: hardware_model(&hardware, kind) })
    }

    /// From the first report, before which nothing was known.
    pub fn by_first(submission: &Submission) -> Self {
        let Reported { hostname: _, fqdn: _, model, hardware_model } = submission.reported.clone();
        Self { kind: submission.claim.kind, model, hardware_model }
    }
}

/// How a report came in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// By our clock.
    pub received_at: Timestamp,
    /// By the client's clock (`X-Sent-At`).
    pub sent_at: Option<Timestamp>,
}

impl Arrival {
    /// When the report was measured: wrong clocks and late spools are corrected by the time of sending; without it,
    /// what the client says, but never after arrival. Where both of these cannot be, the clock was set between them, or never:
    /// then it was measured when it arrived.
    pub fn effective_at(&self, started_at: Option<Timestamp>) -> Timestamp {
        let Some(started) = started_at else { return self.received_at };
        let waited =
            |sent: Timestamp| self.received_at.plus_ms(sent.ms_since(started).max(0).saturating_neg());
        let claims = [self.sent_at.map(waited), Some(started.min(self.received_at))];
        let can_be = |claim: &Timestamp| claim.as_ms() >= FIRST_MS;
        claims.into_iter().flatten().find(can_be).unwrap_or(self.received_at)
    }
}

/// 2000-01-01: nothing that reports was measured before.
const FIRST_MS: i64 = 946_684_800_000;

/// A clock that is wrong by more is worth a note.
const CLOCK_OFF_MS: i64 = 24 * 3_600_000;

impl Arrival {
    fn clock_note(&self, started_at: Option<Timestamp>) -> Option<StoredReason> {
        // Without the time of sending, only a beginning that has yet to come tells.
        let begun_later = || started_at.filter(|started| *started > self.received_at);
        let ahead_ms = self.sent_at.or_else(begun_later)?.ms_since(self.received_at);
        if ahead_ms.abs() <= CLOCK_OFF_MS {
            return None;
        }
        let hours = ahead_ms.abs() / 3_600_000;
        let way = if ahead_ms > 0 { "fast" } else { "slow" };
        let evidence = format!("the machine's clock was {hours} h {way}");
        Some(StoredReason { code: ReasonCode::ClockCorrected.as_str().to_owned(), evidence })
    }
}

/// Derives what is stored.
///
/// # Errors
/// When the body cannot be compressed, for want of memory.
pub fn submission(
    report: &Report,
    body: &[u8],
    arrival: Arrival,
    fleet_key: &[u8; 32],
) -> std::io::Result<Submission> {
    let body_sha256: [u8; 32] = Sha256::digest(body).into();
    let judgement = judge(report);
    let scores = score(report, &judgement);
    let (facts, readings) = facts_and_readings(&report.hardware);
    Ok(Submission {
        report_id: report
            .report_id
            .map_or_else(|| format!("sha256:{}", hex::encode(body_sha256)), |id| id.to_string()),
        body_sha256,
        body_zstd: compress(body)?,
        received_at: arrival.received_at,
        effective_at: arrival.effective_at(report.started_at),
        started_at: report.started_at,
        finished_at: report.finished_at,
        preset: report.preset,
        client_version: report.bench_script_version.as_ref().map(ToString::to_string),
        label: report.label.as_ref().map(ToString::to_string),
        note: report.note.as_ref().map(ToString::to_string),
        claim: claim(report, fleet_key),
        only_device: None,
        reported: reported(report),
        facts_seen: facts_seen(&facts, &report.missing),
        facts,
        readings_json: readings.to_string(),
        environment_json: report.environment.as_ref().and_then(|e| serde_json::to_string(e).ok()),
        missing: report.missing.to_vec(),
        basis: scores.basis,
        global: scores.global,
        coverage: scores.coverage,
        verdict: judgement.verdict,
        components: component_results(&judgement, &scores),
        notes: judgement
            .notes
            .iter()
            .map(StoredReason::from)
            .chain(arrival.clock_note(report.started_at))
            .collect(),
        series: series(report, &judgement),
    })
}

/// Digest of what a report says of the hardware, and of what it could not read.
pub fn facts_seen(facts: &Facts, missing: &[Missing]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(facts.fingerprint());
    for missing in missing {
        digest.update(missing.path.as_bytes());
        digest.update([0]);
    }
    digest.finalize().into()
}

/// Fast, and half as large again as the best.
const ZSTD_LEVEL: i32 = 1;

/// Making room for a compressor takes longer than compressing a report: each thread keeps its own.
fn compress(body: &[u8]) -> std::io::Result<Vec<u8>> {
    thread_local! {
        static KEPT: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    }
    KEPT.with_borrow_mut(|kept| match kept {
        Some(compressor) => compressor.compress(body),
        None => kept.insert(Compressor::new(ZSTD_LEVEL)?).compress(body),
    })
}

/// The body as it was before it was compressed.
///
/// # Errors
/// When these are not bytes that [`submission`] compressed.
pub fn decompress(body_zstd: &[u8]) -> std::io::Result<Vec<u8>> {
    /// Times that nearly every report is longer than what was made of it.
    const LONGER: usize = 16;
    thread_local! {
        /// Its tables are a hundred kilobytes, and most reports a few.
        static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
    }
    let at_once = UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            None => unpacker.insert(Decompressor::new()?),
        };
        unpacker.decompress(body_zstd, LONGER * body_zstd.len())
    });
    at_once.or_else(|_| zstd::stream::decode_all(body_zstd))
}

/// What a report says of the machine besides its parts.
fn reported(report: &Report) -> Reported {
    let os = report.hardware.os.as_ref();
    Reported {
        hostname: os.and_then(|os| os.hostname.as_ref()).map(ToString::to_string),
        fqdn: os.and_then(|os| os.fqdn.as_ref()).map(ToString::to_string),
        model: model_label(&report.hardware),
        hardware_model: hardware_model(&report.hardware, kind(report)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_the_time_of_sending() {
        let received_at = at("2026-03-01T12:00:00Z");
        let arrival = Arrival { received_at, sent_at: Some(at("1970-01-01T02:00:00Z")) };
        assert_eq!(arrival.effective_at(Some(at("1970-01-01T01:00:00Z"))), at("2026-03-01T11:00:00Z"));
        assert_eq!(arrival.effective_at(Some(at("1970-01-01T03:00:00Z"))), received_at);
    }

    #[test]
    fn times_that_cannot_be_are_not_believed() {
        let received_at = at("2026-03-01T12:00:00Z");
        let effective = |sent: Option<&str>, started: &str| {
            Arrival { received_at, sent_at: sent.map(at) }.effective_at(Some(at(started))).to_string()
        };
        let (before, arrival) = ("2026-02-01T00:00:00.000Z", "2026-03-01T12:00:00.000Z");
        assert_eq!(effective(Some("9000-01-01T00:00:00Z"), before), before);
        assert_eq!(effective(Some("9999-12-31T23:59:59Z"), "0001-01-01T00:00:00Z"), arrival);
        assert_eq!(
            effective(Some("9000-01-01T01:00:00Z"), "9000-01-01T00:00:00Z"),
            "2026-03-01T11:00:00.000Z"
        );
        assert_eq!(effective(Some("0001-01-01T00:00:00Z"), "9999-12-31T00:00:00Z"), arrival);
        assert_eq!(effective(None, "0001-01-01T00:00:00Z"), arrival);
        assert_eq!(effective(None, "1970-01-01T00:00:10Z"), arrival, "a clock that was never set");
    }

    #[test]
    fn a_clock_more_than_a_day_off_is_noted() {
        let received_at = at("2026-03-01T12:00:00Z");
        let note = |sent: &str| Arrival { received_at, sent_at: Some(at(sent)) }.clock_note(None);
        assert_eq!(note("2026-03-02T11:00:00Z"), None);
        assert_eq!(note("2026-02-27T11:00:00Z").unwrap().evidence, "the machine's clock was 49 h slow");
        assert_eq!(note("2026-03-03T12:00:00Z").unwrap().code, "clock_corrected");
        let unsent = |started: &str| Arrival { received_at, sent_at: None }.clock_note(Some(at(started)));
        assert_eq!(unsent("2026-03-03T12:00:00Z").unwrap().evidence, "the machine's clock was 48 h fast");
        assert_eq!(unsent("2020-01-01T00:00:00Z"), None, "it may have waited");
    }

    #[test]
    fn without_it_nothing_is_measured_after_it_arrived() {
        let received_at = at("2026-03-01T12:00:00Z");
        let arrival = Arrival { received_at, sent_at: None };
        assert_eq!(arrival.effective_at(Some(at("2030-01-01T00:00:00Z"))), received_at);
        assert_eq!(arrival.effective_at(Some(at("2026-01-01T00:00:00Z"))), at("2026-01-01T00:00:00Z"));
        assert_eq!(arrival.effective_at(None), received_at);
    }
}
