//! Sending reports, and draining the spool.

use std::io;
use std::time::{Duration, Instant};

use report::{ReportId, Timestamp};

use super::answer::{Accepted, Kept, Outcome, Refusal};
use super::http::Link;
use super::spool::{self, Entry, Spool};

/// How long to wait before the second try and the third.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// A server that asks to wait longer than this is left alone until the next run.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// All tries of one report together take no longer than this.
const LONGEST: Duration = Duration::from_secs(30);

/// Sends reports to one server.
pub struct Sender<'a> {
    /// The way to the server, with the token.
    pub link: &'a Link,
    /// The wall clock.
    pub now: fn() -> Timestamp,
    /// How to wait.
    pub pause: fn(Duration),
}

/// What became of the reports that waited.
#[derive(Debug, Default)]
pub struct Drained {
    /// The server has them now.
    pub sent: Vec<(ReportId, Accepted)>,
    /// Set aside, with the reason.
    pub refused: Vec<(ReportId, Refusal)>,
    /// How many still wait.
    pub kept: usize,
    /// Why the first of those waits.
    pub why: Option<Kept>,
    /// What went wrong with files.
    pub file_errors: Vec<String>,
}

impl Sender<'_> {
    /// Sends one report, at most three times and within half a minute while the cause may pass.
    pub fn send(&self, report_id: ReportId, body: &[u8]) -> Outcome {
        let mut pauses = PAUSES.iter();
        let end = Instant::now() + LONGEST;
        let left = || end.saturating_duration_since(Instant::now());
        loop {
            let outcome = self.link.post_report(body, (self.now)(), report_id, left());
            let Outcome::Kept(kept) = &outcome else { return outcome };
            let again = kept.passing && !kept.slow;
            let (true, Some(pause)) = (again, pauses.next()) else { return outcome };
            let pause = kept.retry_after.unwrap_or(*pause);
            if pause > LONGEST_PAUSE || pause >= left() {
                return outcome;
            }
            (self.pause)(pause);
        }
    }

    /// Sends what waits for this server, oldest first, until the server is away, `most` were tried, or no
    /// more shall be begun because `time` is over.
    ///
    /// # Errors
    /// When the spool cannot be read.
    pub fn drain(&self, spool: &Spool, most: usize, time: Duration) -> io::Result<Drained> {
        let begun = Instant::now();
        let mut waiting = spool.waiting()?;
        waiting.retain(|entry| entry.label.server == *self.link.server());
        let mut drained = Drained { kept: waiting.len().saturating_sub(most), ..Drained::default() };
        for (index, entry) in waiting.iter().enumerate().take(most) {
            if begun.elapsed() >= time {
                drained.kept += waiting.len().min(most) - index;
                break;
            }
            let body = match spool::body(entry) {
                Ok(body) => body,
                // Another agent has sent it in the meantime.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    drained.unreadable(entry, &error);
                    continue;
                }
            };
            let outcome = self.send(entry.label.report_id, &body);
            let away = matches!(&outcome, Outcome::Kept(kept) if kept.passing || kept.token);
            drained.settle(spool, entry, outcome);
            if away {
                drained.kept += waiting.len().min(most) - index - 1;
                break;
            }
        }
        Ok(drained)
    }
}

impl Drained {
    /// Does with the file what the server's answer asks.
    pub fn settle(&mut self, spool: &Spool, entry: &Entry, outcome: Outcome) {
        let id = entry.label.report_id;
        let filed = match outcome {
            Outcome::Accepted(accepted) => {
                self.sent.push((id, accepted));
                spool.remove(entry)
            }
            Outcome::Refused(refusal) => {
                self.refused.push((id, refusal.clone()));
                spool.refuse(entry, refusal)
            }
            Outcome::Kept(kept) => {
                self.kept += 1;
                self.why.get_or_insert(kept);
                Ok(())
            }
        };
        if let Err(error) = filed {
            self.file_errors.push(format!("{}: {error}", entry.path.display()));
        }
    }

    fn unreadable(&mut self, entry: &Entry, error: &io::Error) {
        self.kept += 1;
        self.file_errors.push(format!("{}: {error}", entry.path.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::server::{ServerUrl, Token};
    use crate::deliver::spool::Label;

    #[test]
    fn when_the_time_is_over_no_other_report_is_begun() {
        let state = tempfile::tempdir().unwrap();
        let spool = Spool::open(state.path()).unwrap();
        let server = ServerUrl::parse("http://127.0.0.1:9").unwrap();
        let now = || Timestamp::from_ms(1_700_000_000_000);
        for number in 1..=3 {
            let report_id = ReportId::new(uuid::Uuid::from_u128(number));
            let label = Label { server: server.clone(), report_id, spooled_at: now(), refused: None };
            spool.put(&label, b"{}").unwrap();
        }
        let link = Link::new(server, Token::parse("t").unwrap(), None).unwrap();
        let pause = |_| panic!("nothing was sent, nothing is waited for");
        let sender = Sender { link: &link, now, pause };
        let drained = sender.drain(&spool, 2, Duration::ZERO).unwrap();
        assert_eq!((drained.kept, drained.why), (3, None));
        assert_eq!(spool.waiting().unwrap().len(), 3);
    }
}
