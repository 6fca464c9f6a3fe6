//! "Not ranked yet": who is not in the ranking, why, and the one thing to do about it.

use report::Component;
use report::measurement::Verdict;

use crate::domain::ranking::{RankedDevice, Ranking};
use crate::web::coverage::Coverage;
use crate::web::device_link::device_link;
use crate::web::kind::chip;
use crate::web::verdict::{advice, reason_text};
use crate::web::words::Words;

/// The section, with its heading.
pub(crate) struct Waiting {
    /// `Not ranked yet (4)`.
    pub(crate) title: String,
    /// The machines.
    pub(crate) rows: Vec<WaitingRow>,
    /// `and 12 more`.
    pub(crate) more: Option<String>,
}

/// A machine that is not ranked.
pub(crate) struct WaitingRow {
    /// Its page.
    pub(crate) link: String,
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
    /// Class in the style sheet.
    pub(crate) class: &'static str,
    /// A sign beside the reason.
    pub(crate) mark: &'static str,
    /// Why it is not ranked.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) advice: String,
}

impl Waiting {
    /// The section; none if everybody is ranked.
    pub(crate) fn new(words: &Words, ranking: &Ranking, by: Option<Component>) -> Option<Self> {
        if ranking.waiting.is_empty() {
            return None;
        }
        let more = ranking.waiting_total.saturating_sub(ranking.waiting.len() as u64);
        Some(Self {
            title: words.count("not-ranked", ranking.waiting_total),
            rows: ranking.waiting.iter().map(|standing| row(words, standing, by)).collect(),
            more: (more > 0).then(|| words.count("and-more", more)),
        })
    }
}

fn row(words: &Words, standing: &RankedDevice, by: Option<Component>) -> WaitingRow {
    let (class, reason, advice) = why(words, standing, by);
    WaitingRow {
        link: device_link(standing.device_id, &standing.name),
        name: standing.name.clone(),
        kind: chip(words, standing.kind),
        class,
        mark: "○",
        reason,
        advice,
    }
}

fn why(words: &Words, standing: &RankedDevice, by: Option<Component>) -> (&'static str, String, String) {
    let nothing = standing.components.is_empty();
    let Some(last) =
        standing.last.as_ref().filter(|last| !((last.inventory_only || last.excluded) && nothing))
    else {
        return ("quiet", words.t("waiting-no-benchmark"), words.t("waiting-no-benchmark-do"));
    };
    if standing.global.is_some() && by.is_some() {
        return ("quiet", words.t("waiting-component"), words.t("waiting-component-do"));
    }
    if !standing.components.is_empty() {
        let coverage = Coverage::new(words, |component| standing.components.contains_key(&component));
        let reason = words.with("waiting-coverage", &[("coverage", coverage.label().into())]);
        return ("quiet", reason, words.t("waiting-coverage-do"));
    }
    match &last.reason {
        Some(code) if last.verdict != Verdict::Valid => {
            let advice = advice(words, code).unwrap_or_else(|| words.t("waiting-no-figure-do"));
            ("invalid", reason_text(words, code), advice)
        }
        _ => ("invalid", words.t("waiting-no-figure"), words.t("waiting-no-figure-do")),
    }
}
