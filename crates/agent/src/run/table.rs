//! The results as people read them: one row per component, the global score, what is missing.

use comfy_table::{ContentArrangement, Table, presets};
use report::results::Results;
use report::score::{ComponentScore, Scores};
use report::verdict::{ComponentVerdict, Grade, Judgement, Verdict};
use report::{Component, Report};

use super::{gap, reason};
use crate::lang::Lang;

/// Fits the narrowest usual terminal.
const WIDTH: u16 = 80;

/// How the table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// With lines, for a terminal.
    Framed,
    /// Blanks only, for files and pipes.
    Plain,
}

/// The whole text, with an end of line at its end.
pub(super) fn render(
    report: &Report,
    judgement: &Judgement,
    scores: &Scores,
    lang: Lang,
    look: Look,
) -> String {
    let mut table = Table::new();
    table.load_style(if look == Look::Framed { presets::UTF8_HORIZONTAL_ONLY } else { presets::NOTHING });
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(match lang {
        Lang::En => ["Component", "Measured", "Score", "Verdict"],
        Lang::Fr => ["Composante", "Mesures", "Score", "Verdict"],
    });
    for component in Component::ALL {
        table.add_row([
            lang.component(component).to_owned(),
            figures(&report.results, component, lang).join("\n"),
            scores.components.get(&component).map(|s| score(s, lang)).unwrap_or_default(),
            verdict(report, judgement.components.get(&component), component, lang),
        ]);
    }
    let mut text = String::from("\n");
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&global(scores, lang));
    text.push_str(&needs_root(report, lang));
    text
}

/// `118 ± 3`, or `118` where the interval is not known.
fn score(score: &ComponentScore, lang: Lang) -> String {
    let decimals = usize::from(score.score < 100.0);
    let text = lang.number(score.score, decimals);
    match (score.low, score.high) {
        (Some(low), Some(high)) => {
            let half = (score.score - low).max(high - score.score);
            format!("{text} ± {}", lang.number(half, decimals))
        }
        _ => text,
    }
}

fn global(scores: &Scores, lang: Lang) -> String {
    let measured = scores.components.len();
    match (&scores.global, lang) {
        (Some(global), Lang::En) => format!(
            "Global score {} (provisional scale {}), from {measured} of 5 components\n",
            score(global, lang),
            scores.basis.as_str()
        ),
        (Some(global), Lang::Fr) => format!(
            "Score global {} (échelle provisoire {}), sur {measured} composantes sur 5\n",
            score(global, lang),
            scores.basis.as_str()
        ),
        (None, Lang::En) => "No score: no component was measured\n".to_owned(),
        (None, Lang::Fr) => "Pas de score\u{202f}: aucune composante n’a été mesurée\n".to_owned(),
    }
}

/// The verdict and its reasons; for what was not measured, why.
fn verdict(report: &Report, judged: Option<&ComponentVerdict>, component: Component, lang: Lang) -> String {
    let missing = report.missing.iter().find(|missing| missing.path.as_str() == gap::path(component));
    match (judged, missing) {
        (None, Some(missing)) => {
            let not = lang.pick("not measured: ", "non mesuré\u{202f}: ");
            format!("{not}{}", gap::words(&missing.reason, lang))
        }
        (None, None) => lang.pick("not measured", "non mesuré").to_owned(),
        (Some(judged), _) => {
            let mut words = vec![reason::verdict(judged.verdict, lang).to_owned()];
            // A note says something only where nothing worse is to be said.
            let told = |grade| (grade != Grade::Note) == (judged.verdict != Verdict::Valid);
            let reasons = judged.reasons.iter().filter(|reason| told(reason.code.grade())).take(3);
            let reasons: Vec<String> = reasons.map(|reason| reason::words(reason.code, lang)).collect();
            if !reasons.is_empty() {
                words.push(reasons.join(", "));
            }
            words.join(lang.pick(": ", "\u{202f}: "))
        }
    }
}

/// The figures that people know, a line each.
fn figures(results: &Results, component: Component, lang: Lang) -> Vec<String> {
    let mut lines = Lines { lang, lines: Vec::new() };
    match component {
        Component::Cpu => {
            let Some(cpu) = &results.cpu else { return Vec::new() };
            lines.add(
                lang.pick("one thread", "un fil"),
                cpu.events_per_sec_single.map(|q| q.get()),
                "events/s",
            );
            lines.add(
                lang.pick("all threads", "tous les fils"),
                cpu.events_per_sec_multi.map(|q| q.get()),
                "events/s",
            );
        }
        Component::Memory => {
            let Some(memory) = &results.memory else { return Vec::new() };
            let gib = memory.throughput_mib_s.map(|q| q.get() / 1024.0);
            lines.add(lang.pick("throughput", "débit"), gib, "GiB/s");
            lines.add(lang.pick("latency", "latence"), memory.latency_ns.map(|q| q.get()), "ns");
        }
        Component::Disk => {
            let Some(disk) = &results.disk else { return Vec::new() };
            lines.add(lang.pick("read", "lecture"), disk.read_mb_s.map(|q| q.get()), "MB/s");
            lines.add(lang.pick("write", "écriture"), disk.write_mb_s.map(|q| q.get()), "MB/s");
            lines.add(lang.pick("random read", "lecture aléatoire"), disk.iops_read.map(|q| q.get()), "IOPS");
            lines.add(
                lang.pick("random write", "écriture aléatoire"),
                disk.iops_write.map(|q| q.get()),
                "IOPS",
            );
            lines.add(lang.pick("durable write", "écriture durable"), disk.latency_ms.map(|q| q.get()), "ms");
        }
        Component::Network => {
            let Some(network) = &results.network else { return Vec::new() };
            lines.add(lang.pick("download", "réception"), network.download_mbps.map(|q| q.get()), "Mbit/s");
            lines.add(lang.pick("upload", "envoi"), network.upload_mbps.map(|q| q.get()), "Mbit/s");
            lines.add(lang.pick("round trip", "aller-retour"), network.ping_ms.map(|q| q.get()), "ms");
        }
        Component::Gpu => {}
    }
    lines.lines
}

struct Lines {
    lang: Lang,
    lines: Vec<String>,
}

impl Lines {
    fn add(&mut self, name: &str, value: Option<f64>, unit: &str) {
        if let Some(value) = value {
            self.lines.push(format!("{name} {} {unit}", self.lang.figure(value)));
        }
    }
}

/// What a run as root would add.
fn needs_root(report: &Report, lang: Lang) -> String {
    let paths: Vec<&str> = report
        .missing
        .iter()
        .filter(|missing| missing.reason.as_str() == "needs_root")
        .map(|missing| missing.path.rsplit('.').next().unwrap_or(&missing.path))
        .collect();
    if paths.is_empty() {
        return String::new();
    }
    let shown = paths.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    let more = paths.len().saturating_sub(4);
    let more = if more > 0 { format!(" … (+{more})") } else { String::new() };
    match lang {
        Lang::En => format!("Run as root to read also: {shown}{more}\n"),
        Lang::Fr => format!("Lancé par root, l’agent lirait aussi\u{202f}: {shown}{more}\n"),
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
