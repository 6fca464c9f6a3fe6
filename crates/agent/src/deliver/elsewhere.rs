//! Reports that wait for other addresses than the one that is spoken to: a mistyped one, one from before the
//! server got its name or https, or another server's. They are never sent to this one unless somebody asks.

use std::collections::BTreeMap;

use super::server::ServerUrl;
use super::spool::Entry;
use crate::lang::Lang;

/// How many reports wait for each of the other addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere(BTreeMap<ServerUrl, usize>);

impl Elsewhere {
    /// Of these reports, those that are not for `server`.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a Entry>, server: &ServerUrl) -> Self {
        let others = entries.into_iter().map(|entry| &entry.label.server).filter(|other| *other != server);
        let mut counts = BTreeMap::new();
        for other in others {
            *counts.entry(other.clone()).or_default() += 1;
        }
        Self(counts)
    }

    /// A line that says how many wait for which addresses, and how to send them to `server`: by `benchtools send`
    /// with these options. `None` if none do.
    pub fn words(&self, server: &ServerUrl, options: &str, lang: Lang) -> Option<String> {
        let count: usize = self.0.values().sum();
        let addresses: Vec<&str> = self.0.keys().map(ServerUrl::as_str).collect();
        let addresses = addresses.join(", ");
        let command = format!("benchtools send --server {server} {options}");
        let script = format!("bench.sh --send {options}");
        match (lang, count) {
            (_, 0) => None,
            (Lang::En, 1) => {
                Some(format!("1 report waits for {addresses}. To send it to {server}: {command} ({script})"))
            }
            (Lang::En, _) => Some(format!(
                "{count} reports wait for {addresses}. To send them to {server}: {command} ({script})"
            )),
            (Lang::Fr, 1) => Some(format!(
                "1 rapport attend {addresses}. Pour l’envoyer à {server}\u{202f}: {command} ({script})"
            )),
            (Lang::Fr, _) => Some(format!(
                "{count} rapports attendent {addresses}. Pour les envoyer à {server}\u{202f}: {command} ({script})"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use report::{ReportId, Timestamp};

    use super::*;
    use crate::deliver::spool::Label;

    fn entry(server: &str) -> Entry {
        let server = ServerUrl::parse(server).unwrap();
        let report_id = ReportId::new(uuid::Uuid::from_u128(1));
        let label = Label { server, report_id, spooled_at: Timestamp::from_ms(0), refused: None };
        Entry { path: PathBuf::new(), label }
    }

    #[test]
    fn other_addresses_are_counted_and_named() {
        let server = ServerUrl::parse("https://s").unwrap();
        let words = |servers: &[&str], lang| {
            let entries: Vec<Entry> = servers.iter().map(|server| entry(server)).collect();
            Elsewhere::new(&entries, &server).words(&server, "--all", lang)
        };
        assert_eq!(words(&["https://s"], Lang::En), None);
        let one = "1 report waits for http://s. To send it to https://s: benchtools send --server https://s --all \
                   (bench.sh --send --all)";
        assert_eq!(words(&["http://s", "https://s"], Lang::En).as_deref(), Some(one));
        let more = words(&["http://b", "http://a", "http://b"], Lang::Fr).unwrap();
        assert!(more.starts_with("3 rapports attendent http://a, http://b."), "{more}");
    }
}
