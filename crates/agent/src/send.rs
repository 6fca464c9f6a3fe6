//! `benchtools send`: sends the reports that wait on this machine.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::cli::SendArgs;
use crate::clock;
use crate::deliver::elsewhere::Elsewhere;
use crate::deliver::send::{Drained, Sender};
use crate::deliver::server::ServerUrl;
use crate::deliver::spool::{Entry, Spool};
use crate::lang::Lang;
use crate::plan::{Access, PlanError};
use crate::run::Ending;
use crate::say;
use crate::surroundings::Surroundings;

/// Carries out `benchtools send`.
///
/// # Errors
/// When there is no spool, no token, or it is not clear which server is meant.
pub fn send(args: &SendArgs, surroundings: Surroundings) -> anyhow::Result<Ending> {
    let state = surroundings.state_folder().context("no home folder and no XDG_STATE_HOME: no spool")?;
    let spool = Spool::open(&state).with_context(|| format!("the spool in {}", state.display()))?;
    let given = args.server.server.as_deref().map(ServerUrl::parse).transpose().map_err(PlanError::from)?;
    let aside = if args.retry_set_aside { spool.set_aside()? } else { Vec::new() };
    let mut entries = spool.waiting()?;
    entries.extend(aside.iter().cloned());
    let Some(server) = which(given, &entries)? else {
        say::line(format_args!("Nothing waits in {}.", spool.folder().display()));
        return Ok(Ending::Done);
    };
    let ours = |entry: &Entry| args.all || entry.label.server == server;
    if !entries.iter().any(ours) {
        say::line(format_args!("Nothing waits for {server}."));
        tell_of_others(&entries, &server, args);
        return Ok(Ending::Partly);
    }
    let token = surroundings.variable("API_TOKEN").ok_or(PlanError::NoToken)?;
    let link = Access::new(server.as_str(), &token, args.server.ca_file.as_deref())?.link()?;
    for entry in aside.iter().filter(|entry| ours(entry)) {
        spool.restore(entry)?;
    }
    if args.all {
        readdress(&spool, &server)?;
    }
    let sender = Sender { link: &link, now: clock::now, pause: std::thread::sleep };
    let drained = sender.drain(&spool, usize::MAX, Duration::MAX)?;
    tell(&drained, &server);
    let more = tell_of_others(entries.iter().filter(|entry| !ours(entry)), &server, args);
    let all = drained.kept == 0 && drained.refused.is_empty() && drained.file_errors.is_empty() && !more;
    Ok(if all { Ending::Done } else { Ending::Partly })
}

/// The server that is meant: the given one, else the only one for which something waits; `None` if nothing
/// does. The token in the environment is one server's, and must not be shown to another.
fn which(given: Option<ServerUrl>, entries: &[Entry]) -> anyhow::Result<Option<ServerUrl>> {
    let mut servers: BTreeSet<&ServerUrl> = entries.iter().map(|entry| &entry.label.server).collect();
    match given {
        Some(given) => Ok((!servers.is_empty()).then_some(given)),
        None if servers.len() > 1 => {
            let names: Vec<&str> = servers.iter().map(|server| server.as_str()).collect();
            bail!("reports wait for several servers, name one with --server: {}", names.join(", "))
        }
        None => Ok(servers.pop_first().cloned()),
    }
}

/// Makes all that waits this server's, as --all asks.
fn readdress(spool: &Spool, server: &ServerUrl) -> io::Result<()> {
    for entry in spool.waiting()?.iter().filter(|entry| entry.label.server != *server) {
        match spool.readdress(entry, server) {
            // Another agent has sent it in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}

/// Says what waits for other addresses; true if something does.
fn tell_of_others<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    server: &ServerUrl,
    args: &SendArgs,
) -> bool {
    let options = if args.retry_set_aside { "--all --retry-set-aside" } else { "--all" };
    let words = Elsewhere::new(entries, server).words(server, options, Lang::En);
    words.map(|words| say::line(format_args!("{words}"))).is_some()
}

fn tell(drained: &Drained, server: &ServerUrl) {
    say::line(format_args!("{server}: {} sent, {} still waiting.", drained.sent.len(), drained.kept));
    if let Some(kept) = &drained.why {
        say::line(format_args!("Not sent: {}", say::sentence(&kept.why)));
    }
    for (id, refusal) in &drained.refused {
        say::line(format_args!("Refused and set aside: {id}: {}", refusal.detail));
    }
    for problem in &drained.file_errors {
        say::line(format_args!("! {problem}"));
    }
}
