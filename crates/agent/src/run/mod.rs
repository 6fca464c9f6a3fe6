//! One run: inventory, measurement, verdicts, and the report on its way.

mod assemble;
mod deliver;
mod gap;
mod greet;
mod measuring;
mod progress;
mod reason;
mod table;

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Instant;

use anyhow::Context as _;
use report::Report;
use report::score::{Scores, conclude};
use report::verdict::Judgement;

use crate::cli::RunArgs;
use crate::clock;
use crate::lang::Lang;
use crate::measure::Measured;
use crate::plan::Plan;
use crate::probe::{self, ProbeOptions, Root};
use crate::say;
use crate::surroundings::Surroundings;

/// How a run ended; its exit code follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every test that applies here ran, and the report was accepted.
    Done,
    /// A test failed or timed out, or the report is only spooled, or was refused.
    Partly,
    /// Nothing measured or sent.
    Nothing,
    /// The machine was busy and was left alone.
    Busy,
}

impl Ending {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Partly => 1,
            Self::Nothing => 2,
            Self::Busy => 3,
        }
    }
}

/// A report with what was concluded from it.
struct Finished {
    report: Report,
    judgement: Judgement,
    scores: Scores,
    /// The bytes to send.
    body: Vec<u8>,
    /// Tests that failed, in words.
    failures: Vec<String>,
}

/// Carries out `benchtools run`.
///
/// # Errors
/// When the arguments cannot be carried out, or the report cannot be made.
pub fn run(args: RunArgs, surroundings: Surroundings) -> anyhow::Result<Ending> {
    let begun = Instant::now();
    let lang = surroundings.lang();
    let plan = Plan::new(args, surroundings.variable("API_TOKEN"))?;
    let link = plan.access.as_ref().map(|access| access.link()).transpose()?;
    let state = surroundings.state_folder();
    let greeting = match greet::greet(link.as_ref(), state.as_deref(), lang) {
        Ok(greeting) => greeting,
        Err(refused) => {
            say::error(format_args!("benchtools: {refused}"));
            return Ok(Ending::Nothing);
        }
    };
    let Some(finished) = finish(&plan, &greeting, begun, lang)? else {
        say::error(format_args!(
            "{}",
            lang.pick("The machine is busy: left alone.", "Machine occupée\u{202f}: laissée en paix.")
        ));
        return Ok(Ending::Busy);
    };
    for failure in &finished.failures {
        say::error(format_args!("benchtools: {failure}"));
    }
    let Some(link) = link.filter(|_| !plan.dry_run) else {
        print_bytes(&finished.body)?;
        return Ok(if finished.failures.is_empty() { Ending::Done } else { Ending::Partly });
    };
    let delivery = deliver::deliver(&link, state.as_deref(), &finished, lang)?;
    if !plan.inventory_only {
        let look = if io::stdout().is_terminal() { table::Look::Framed } else { table::Look::Plain };
        say::text(&table::render(&finished.report, &finished.judgement, &finished.scores, lang, look));
    }
    say::text(&delivery.words(lang));
    Ok(delivery.ending(finished.failures.is_empty()))
}

/// Inventory, measurement and conclusions; `None` when the machine was busy and is left alone.
fn finish(
    plan: &Plan,
    greeting: &greet::Greeting,
    begun: Instant,
    lang: Lang,
) -> anyhow::Result<Option<Finished>> {
    let started_at = clock::now();
    // Before anything is measured: without random numbers it would be for nothing.
    let report_id = clock::new_report_id(started_at).context("the kernel gives no random numbers")?;
    let fleet_key = greeting.fleet_key.map(|key| key.bytes());
    let options = ProbeOptions { include_serials: plan.include_serials, fleet_key };
    let inventory = probe::inventory(&Root::system(), &options);
    let measured = match plan.inventory_only {
        true => Measured::default(),
        false => measuring::measure(plan, begun, lang),
    };
    if measured.stayed_away {
        return Ok(None);
    }
    let failures = measured.failures.iter();
    let failures = failures
        .map(|failure| format!("{}: {}", lang.component(failure.component), failure.detail))
        .collect();
    let stamp = assemble::Stamp { report_id, started_at, finished_at: clock::now() };
    let mut report = assemble::assemble(plan, inventory, measured, stamp, fleet_key.as_ref());
    let (judgement, scores) = conclude(&mut report);
    let body = serde_json::to_vec(&report)?;
    Ok(Some(Finished { report, judgement, scores, body, failures }))
}

/// The very bytes that would be sent, and nothing else; a person at a terminal gets an end of line too.
fn print_bytes(body: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(body)?;
    if out.is_terminal() {
        out.write_all(b"\n")?;
    }
    out.flush()
}
