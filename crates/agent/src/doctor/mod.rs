//! `benchtools doctor`: checks what a run needs, and says what each lack costs and how to mend it.

mod disk;
mod server;
mod spool;
mod system;

use crate::cli::DoctorArgs;
use crate::run::Ending;
use crate::say;
use crate::surroundings::Surroundings;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// As it should be.
    Good,
    /// A run works, with less in the report.
    Less,
    /// A run would fail, or its report would be lost.
    Bad,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Check {
    state: State,
    /// What was found.
    found: String,
    /// What it costs, and how to mend it; empty if all is well.
    advice: String,
}

impl Check {
    fn good(found: impl Into<String>) -> Self {
        Self { state: State::Good, found: found.into(), advice: String::new() }
    }

    fn less(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { state: State::Less, found: found.into(), advice: advice.into() }
    }

    fn bad(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { state: State::Bad, found: found.into(), advice: advice.into() }
    }
}

/// Carries out `benchtools doctor`: exit code 1 if a run would fail.
///
/// # Errors
/// When an argument cannot be carried out.
pub fn doctor(args: &DoctorArgs, surroundings: Surroundings) -> anyhow::Result<Ending> {
    let mut checks = server::checks(&args.server, surroundings)?;
    checks.extend(spool::checks(args.server.server.as_deref(), surroundings));
    checks.extend(disk::checks(&args.disk_path));
    checks.extend(system::checks(surroundings));
    for check in &checks {
        let mark = match check.state {
            State::Good => "ok  ",
            State::Less => "less",
            State::Bad => "BAD ",
        };
        say::line(format_args!("{mark}  {}", check.found));
        if !check.advice.is_empty() {
            say::line(format_args!("      {}", check.advice));
        }
    }
    let bad = checks.iter().any(|check| check.state == State::Bad);
    Ok(if bad { Ending::Partly } else { Ending::Done })
}
