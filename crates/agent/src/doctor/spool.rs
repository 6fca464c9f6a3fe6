//! Can reports wait on this machine, and do some?

use std::collections::BTreeSet;
use std::path::Path;

use super::Check;
use crate::deliver::elsewhere::Elsewhere;
use crate::deliver::place;
use crate::deliver::server::ServerUrl;
use crate::deliver::spool::{Entry, Spool};
use crate::lang::Lang;
use crate::surroundings::Surroundings;

/// `server` is the address that was given, if it is one.
pub(super) fn checks(server: Option<&str>, surroundings: Surroundings) -> Vec<Check> {
    let server = server.and_then(|server| ServerUrl::parse(server).ok());
    match surroundings.state_folder() {
        Some(state) => in_folder(&state, server.as_ref()),
        None => vec![Check::bad(
            "no folder for reports that wait: neither HOME nor XDG_STATE_HOME is set",
            "A report that cannot be sent at once would be lost. Set HOME or XDG_STATE_HOME.",
        )],
    }
}

fn in_folder(state: &Path, server: Option<&ServerUrl>) -> Vec<Check> {
    let found = Spool::open(state).and_then(|spool| {
        let probe = spool.folder().join("doctor");
        place::write_private(&probe, &[&[0; 64 * 1024]])?;
        std::fs::remove_file(&probe)?;
        Ok((spool.waiting()?, spool.set_aside()?))
    });
    let shown = state.display();
    let (waiting, aside) = match found {
        Ok(found) => found,
        Err(error) => {
            let advice =
                "A report that cannot be sent at once would be lost. Free space, or mend the folder.";
            return vec![Check::bad(format!("reports cannot wait in {shown}: {error}"), advice)];
        }
    };
    let mut checks = vec![Check::good(format!("reports can wait in {shown}; {}", who_waits(&waiting)))];
    if let Some(server) = server
        && let Some(words) = Elsewhere::new(&waiting, server).words(server, "--all", Lang::En)
    {
        let advice = "They are only sent to the address that they were made for, unless you ask for it.";
        checks.push(Check::less(words, advice));
    }
    if let Some(last) = aside.last() {
        let why = last.label.refused.as_ref().map(|refusal| refusal.detail.as_str()).unwrap_or_default();
        checks.push(Check::less(
            format!("{} reports were refused and set aside, the last one because: {why}", aside.len()),
            "They are not in the history. Try again with: benchtools send --retry-set-aside",
        ));
    }
    checks
}

/// How many reports wait, and for whom.
fn who_waits(waiting: &[Entry]) -> String {
    let servers: BTreeSet<&str> = waiting.iter().map(|entry| entry.label.server.as_str()).collect();
    let servers: Vec<&str> = servers.into_iter().collect();
    match waiting.len() {
        0 => "none does".to_owned(),
        1 => format!("1 does, for {}", servers.join(", ")),
        count => format!("{count} do, for {}", servers.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_is_bad_and_a_good_one_is_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(in_folder(&file.join("state"), None)[0].state, State::Bad);
        let good = in_folder(folder.path(), None);
        assert_eq!(good.iter().map(|check| check.state).collect::<Vec<_>>(), [State::Good]);
        assert!(!folder.path().join("spool/doctor").exists());
    }
}
