//! What the server's answer means for a report: accepted, refused for good, or to be kept.

use std::time::Duration;

use report::ReportId;
use serde::{Deserialize, Serialize};

use crate::say;

/// An answer as it came, before anything is made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if there was one.
    pub content_type: String,
    /// `Retry-After` in seconds, if there was one.
    pub retry_after_s: Option<u64>,
    /// `Location`, if there was one.
    pub location: Option<String>,
    /// `Date`, if there was one.
    pub date: Option<String>,
    /// The body, or its beginning.
    pub body: Vec<u8>,
}

/// What the server says of a report that it has stored.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Accepted {
    /// The global score; none if nothing was measured.
    #[serde(default)]
    pub global_score: Option<f64>,
    /// Share of the weight that was measured, 0 to 1.
    #[serde(default)]
    pub coverage: Option<f64>,
    /// `valid`, `suspect` or `invalid`.
    #[serde(default)]
    pub verdict: Option<String>,
    /// The device's page.
    #[serde(default)]
    pub url: Option<String>,
}

/// Why the server will never take a report as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The problem's stable code, if there was one.
    pub code: String,
    /// The problem in words.
    pub detail: String,
}

/// What to do with the report.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The server has it.
    Accepted(Accepted),
    /// The server will never take it.
    Refused(Refusal),
    /// Nobody took it; it is worth another try later.
    Kept(Kept),
}

/// Why a report is kept, and whether to try again in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What happened, in words.
    pub why: String,
    /// A cause that may pass within seconds.
    pub passing: bool,
    /// The server took its time and did not answer: another try would take as long.
    pub slow: bool,
    /// The server does not know our token, or does not let it send.
    pub token: bool,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
}

#[derive(Deserialize)]
struct Stored {
    status: String,
    report_id: ReportId,
    #[serde(flatten)]
    accepted: Accepted,
}

#[derive(Default, Deserialize)]
struct Problem {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    errors: Vec<FieldProblem>,
}

#[derive(Deserialize)]
struct FieldProblem {
    #[serde(default)]
    path: String,
    #[serde(default)]
    message: String,
}

impl Received {
    /// What this answer to report `report_id` means. Only a server that shows that it is ours can make a
    /// report go: a login page in between says 200 to everything too.
    pub fn outcome(&self, report_id: ReportId) -> Outcome {
        if (200..300).contains(&self.status) {
            return match serde_json::from_slice::<Stored>(&self.body) {
                Ok(stored) if stored.status == "ok" && stored.report_id == report_id => {
                    Outcome::Accepted(stored.accepted)
                }
                _ => self.kept("not the answer of a BenchTools server; is there a login page in between?"),
            };
        }
        let problem = self.problem();
        if let Some(problem) = &problem
            && matches!(self.status, 400 | 409 | 410 | 413 | 415 | 422)
            && problem.code.as_deref() != Some("schema_too_new")
        {
            let code = problem.code.clone().unwrap_or_default();
            return Outcome::Refused(Refusal { status: self.status, code, detail: words(problem) });
        }
        self.kept(&problem.as_ref().map(words).unwrap_or_default())
    }

    /// The body, if it is a problem document of ours.
    fn problem(&self) -> Option<Problem> {
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        let ours = kind.eq_ignore_ascii_case("application/problem+json");
        ours.then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }

    /// The answer in words: its status, and the problem if it names one.
    pub fn describe(&self) -> String {
        self.with_status(&self.problem().as_ref().map(words).unwrap_or_default())
    }

    fn with_status(&self, detail: &str) -> String {
        match detail {
            "" => format!("the server answered {}", self.status),
            detail => format!("the server answered {}: {detail}", self.status),
        }
    }

    fn kept(&self, detail: &str) -> Outcome {
        Outcome::Kept(Kept {
            why: self.with_status(detail),
            passing: matches!(self.status, 408 | 429 | 500..=599),
            slow: false,
            token: matches!(self.status, 401 | 403),
            retry_after: self.retry_after_s.map(Duration::from_secs),
        })
    }
}

/// The first few fields that are wrong, else the detail, else the title.
fn words(problem: &Problem) -> String {
    let fields: Vec<String> =
        problem.errors.iter().take(3).map(|error| format!("{}: {}", error.path, error.message)).collect();
    if !fields.is_empty() {
        return say::tame(&fields.join("; "));
    }
    let words = problem.detail.as_deref().or(problem.title.as_deref());
    say::tame(words.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn id() -> ReportId {
        ReportId::new(uuid::Uuid::parse_str(ID).unwrap())
    }

    fn outcome(status: u16, content_type: &str, body: &str) -> Outcome {
        let received = Received {
            status,
            content_type: content_type.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Received::default()
        };
        received.outcome(id())
    }

    #[test]
    fn only_our_own_id_with_status_ok_is_accepted() {
        let json = "application/json";
        let own =
            format!(r#"{{"status":"ok","report_id":"{ID}","global_score":97.5,"coverage":0.9,"url":"u"}}"#);
        let Outcome::Accepted(accepted) = outcome(200, json, &own) else { panic!("not accepted") };
        assert_eq!((accepted.global_score, accepted.url.as_deref()), (Some(97.5), Some("u")));
        let null = format!(r#"{{"status":"ok","report_id":"{ID}","global_score":null}}"#);
        assert!(matches!(outcome(200, json, &null), Outcome::Accepted(_)));
        for body in [
            "<html>Please log in</html>",
            "",
            "{}",
            r#"{"status":"ok"}"#,
            r#"{"status":"ok","report_id":"01890a5d-ac96-774b-bcce-b302099a8058"}"#,
            &own.replace("\"ok\"", "\"queued\""),
        ] {
            let Outcome::Kept(kept) = outcome(200, "text/html", body) else { panic!("{body}") };
            assert!(kept.why.contains("200") && !kept.passing, "{kept:?}");
        }
    }

    #[test]
    fn only_a_problem_document_of_these_statuses_refuses_for_good() {
        let problem = "application/problem+json; charset=utf-8";
        for status in [400, 409, 410, 413, 415, 422] {
            let body = r#"{"code":"c","detail":"d"}"#;
            let Outcome::Refused(refusal) = outcome(status, problem, body) else { panic!("{status}") };
            assert_eq!(refusal, Refusal { status, code: "c".to_owned(), detail: "d".to_owned() });
            assert!(matches!(outcome(status, "text/html", body), Outcome::Kept(_)), "{status} as HTML");
            assert!(matches!(outcome(status, problem, "<html>"), Outcome::Kept(_)), "{status} not JSON");
        }
        for status in [301, 302, 401, 403, 404, 405, 408, 421, 429, 500, 502, 503, 504] {
            assert!(matches!(outcome(status, problem, "{}"), Outcome::Kept(_)), "{status}");
        }
    }

    #[test]
    fn a_newer_schema_waits_for_a_newer_server() {
        let body = r#"{"code":"schema_too_new","detail":"schema_version 2 is newer than 1"}"#;
        assert!(matches!(outcome(422, "application/problem+json", body), Outcome::Kept(_)));
    }

    #[test]
    fn the_fields_that_are_wrong_are_named() {
        let body = r#"{"title":"t","errors":[{"path":"results.cpu.score","message":"negative"}]}"#;
        let Outcome::Refused(refusal) = outcome(422, "application/problem+json", body) else { panic!() };
        assert_eq!(refusal.detail, "results.cpu.score: negative");
        let body = r#"{"detail":"\u001b]0;title\u0007 no\nmore"}"#;
        let Outcome::Refused(refusal) = outcome(422, "application/problem+json", body) else { panic!() };
        assert_eq!(refusal.detail, "]0;title no\nmore");
    }

    #[test]
    fn some_causes_pass_and_a_wrong_token_is_known() {
        let kept = |status| match outcome(status, "", "") {
            Outcome::Kept(kept) => (kept.passing, kept.token),
            other => panic!("{other:?}"),
        };
        assert_eq!(kept(503), (true, false));
        assert_eq!(kept(429), (true, false));
        assert_eq!(kept(401), (false, true));
        assert_eq!(kept(404), (false, false));
    }
}
