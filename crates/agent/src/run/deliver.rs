//! The report on its way: into the spool first, then to the server, and what waited there with it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use report::ReportId;

use super::{Ending, Finished};
use crate::clock;
use crate::deliver::answer::{Accepted, Outcome};
use crate::deliver::elsewhere::Elsewhere;
use crate::deliver::http::Link;
use crate::deliver::send::{Drained, Sender};
use crate::deliver::spool::{Entry, Label, Spool};
use crate::lang::Lang;
use crate::say;

/// So many older reports are sent along; the rest goes at the next run.
const SENT_ALONG: usize = 100;
/// None of them is begun later than this after the first: nobody waits for them.
const ALONG: Duration = Duration::from_secs(30);

/// What became of the report, and of those that waited.
pub(super) struct Delivery {
    outcome: Outcome,
    /// Where the report waits or stands aside; `None` if it could not be kept.
    kept_in: Option<PathBuf>,
    along: Drained,
    /// What waits for other addresses, in words.
    elsewhere: Option<String>,
    /// What went wrong with files.
    problems: Vec<String>,
}

/// Keeps the report on disk, then sends it, then what waited.
///
/// # Errors
/// When the report has no id.
pub(super) fn deliver(
    link: &Link,
    state: Option<&Path>,
    finished: &Finished,
    lang: Lang,
) -> io::Result<Delivery> {
    let id = finished.report.report_id.ok_or_else(|| io::Error::other("the report has no id"))?;
    let sender = Sender { link, now: clock::now, pause: std::thread::sleep };
    let mut problems = Vec::new();
    let kept = match keep(link, state, id, &finished.body) {
        Ok(kept) => Some(kept),
        Err(error) => {
            problems.push(error);
            None
        }
    };
    say::error(format_args!("{} {} …", lang.pick("Sending to", "Envoi vers"), link.server()));
    let outcome = sender.send(id, &finished.body);
    let mut own = Drained::default();
    if let Some((spool, entry)) = &kept {
        own.settle(spool, entry, outcome.clone());
    }
    let mut along = Drained::default();
    if let (Outcome::Accepted(_), Some((spool, _))) = (&outcome, &kept) {
        match sender.drain(spool, SENT_ALONG, ALONG) {
            Ok(drained) => along = drained,
            Err(error) => problems.push(format!("{}: {error}", spool.folder().display())),
        }
    }
    problems.extend(own.file_errors);
    problems.append(&mut along.file_errors);
    // A server that did not take this report is not the one to send others to.
    let taken = kept.as_ref().filter(|_| matches!(outcome, Outcome::Accepted(_)));
    let elsewhere = taken.and_then(|(spool, _)| elsewhere(spool, link, lang));
    let kept_in = kept.map(|(spool, _)| spool.folder().to_owned());
    Ok(Delivery { outcome, kept_in, along, elsewhere, problems })
}

/// A spool that cannot be read was told of before.
fn elsewhere(spool: &Spool, link: &Link, lang: Lang) -> Option<String> {
    let waiting = spool.waiting().ok()?;
    Elsewhere::new(&waiting, link.server()).words(link.server(), "--all", lang)
}

fn keep(
    link: &Link,
    state: Option<&Path>,
    report_id: ReportId,
    body: &[u8],
) -> Result<(Spool, Entry), String> {
    let state = state.ok_or("no home folder and no XDG_STATE_HOME")?;
    let words = |error: io::Error| format!("{}: {error}", state.display());
    let spool = Spool::open(state).map_err(words)?;
    let server = link.server().clone();
    let label = Label { server, report_id, spooled_at: clock::now(), refused: None };
    let entry = spool.put(&label, body).map_err(words)?;
    Ok((spool, entry))
}

impl Delivery {
    /// What the exit code says.
    pub(super) fn ending(&self, all_ran: bool) -> Ending {
        match (&self.outcome, all_ran) {
            (Outcome::Accepted(_), true) => Ending::Done,
            (Outcome::Accepted(_), false) => Ending::Partly,
            (_, _) if self.kept_in.is_some() => Ending::Partly,
            _ => Ending::Nothing,
        }
    }

    /// What a person should know, a line each.
    pub(super) fn words(&self, lang: Lang) -> String {
        let mut lines = Vec::new();
        if self.kept_in.is_none() {
            let problem = self.problems.first().map(String::as_str).unwrap_or_default();
            lines.push(match lang {
                Lang::En => format!("Warning: reports cannot be kept on this machine ({problem})."),
                Lang::Fr => format!(
                    "Attention\u{202f}: impossible de garder des rapports sur cette machine ({problem})."
                ),
            });
        } else {
            lines.extend(self.problems.iter().map(|problem| format!("! {problem}")));
        }
        match (&self.outcome, &self.kept_in) {
            (Outcome::Accepted(accepted), _) => lines.extend(page(accepted, lang)),
            (Outcome::Kept(kept), Some(folder)) => lines.push(waits(&kept.why, folder, lang)),
            (Outcome::Kept(kept), None) => lines.push(lost(&kept.why, lang)),
            (Outcome::Refused(refusal), folder) => {
                lines.push(refused(&refusal.detail, folder.as_deref(), lang))
            }
        }
        lines.extend(self.along(lang));
        lines.extend(self.elsewhere.clone());
        lines.into_iter().map(|line| line + "\n").collect()
    }

    fn along(&self, lang: Lang) -> Option<String> {
        let (sent, kept) = (self.along.sent.len(), self.along.kept);
        (sent + kept > 0).then(|| match lang {
            Lang::En => format!("Older reports: {sent} sent, {kept} still waiting."),
            Lang::Fr => format!("Rapports plus anciens\u{202f}: {sent} envoyés, {kept} encore en attente."),
        })
    }
}

fn page(accepted: &Accepted, lang: Lang) -> Option<String> {
    let url = accepted.url.as_deref()?;
    // What a server says goes to a terminal only if it is an address.
    let plain = url.starts_with("http") && url.chars().all(|c| c.is_ascii_graphic());
    plain.then(|| format!("{} {url}", lang.pick("This machine's page:", "La page de cette machine\u{202f}:")))
}

fn waits(why: &str, folder: &Path, lang: Lang) -> String {
    let (why, folder) = (say::sentence(why), folder.display());
    match lang {
        Lang::En => format!(
            "Not sent: {why}\nThe report waits in {folder} and goes at the next run with this address."
        ),
        Lang::Fr => {
            format!(
                "Non envoyé\u{202f}: {why}\nLe rapport attend dans {folder} et partira à la prochaine exécution avec cette adresse."
            )
        }
    }
}

fn lost(why: &str, lang: Lang) -> String {
    let why = say::sentence(why);
    match lang {
        Lang::En => format!("Not sent: {why}\nThe report is lost: run again."),
        Lang::Fr => format!("Non envoyé\u{202f}: {why}\nLe rapport est perdu\u{202f}: recommencez."),
    }
}

fn refused(why: &str, folder: Option<&Path>, lang: Lang) -> String {
    let why = say::sentence(why);
    let refused = match lang {
        Lang::En => format!("The server refused the report: {why}"),
        Lang::Fr => format!("Le serveur a refusé le rapport\u{202f}: {why}"),
    };
    let aside = folder.map(|folder| folder.join("set-aside").display().to_string());
    let then = match (lang, aside) {
        (Lang::En, Some(aside)) => {
            format!("It is set aside in {aside} (benchtools send --retry-set-aside).")
        }
        (Lang::Fr, Some(aside)) => {
            format!("Il est mis de côté dans {aside} (benchtools send --retry-set-aside).")
        }
        (Lang::En, None) => "It could not be kept, and is lost.".to_owned(),
        (Lang::Fr, None) => "Il n’a pas pu être gardé, et il est perdu.".to_owned(),
    };
    format!("{refused}\n{then}")
}
