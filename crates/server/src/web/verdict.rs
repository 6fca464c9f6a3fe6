//! Verdicts and their reasons as the pages mark them: a sign, a colour and words.

use report::measurement::Verdict;

use super::words::Words;

/// A mark beside a figure that is not simply valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Class in the style sheet.
    pub(crate) class: &'static str,
    /// The sign that tells verdicts apart without colour.
    pub(crate) sign: &'static str,
    /// `suspect: machine was busy`.
    pub(crate) text: String,
}

impl Mark {
    /// The mark of a verdict with its first reason; none where all is well.
    pub(crate) fn new(words: &Words, verdict: Verdict, reason: Option<&str>) -> Option<Self> {
        let (class, sign) = match verdict {
            Verdict::Valid => return None,
            Verdict::Suspect => ("suspect", "◐"),
            Verdict::Invalid => ("invalid", "○"),
        };
        let verdict = words.t(&format!("verdict-{class}"));
        let text = match reason.map(|code| reason_text(words, code)) {
            Some(reason) => {
                words.with("verdict-because", &[("verdict", verdict.into()), ("reason", reason.into())])
            }
            None => verdict,
        };
        Some(Self { class, sign, text })
    }
}

/// A reason in words; the bare code where it is not one of ours.
pub(crate) fn reason_text(words: &Words, code: &str) -> String {
    words.known(&format!("reason-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned())
}

/// The one thing that helps against a reason.
pub(crate) fn advice(words: &Words, code: &str) -> Option<String> {
    words.known(&format!("advice-{}", code.replace('_', "-")))
}

#[cfg(test)]
mod tests {
    use report::measurement::Verdict;

    use super::{Mark, Words, advice, reason_text};
    use crate::web::language::Language;

    #[test]
    fn every_reason_has_words_and_advice_in_both_languages() {
        for language in Language::ALL {
            let words = Words::of(language);
            for code in report::verdict::ReasonCode::ALL {
                assert_ne!(reason_text(words, code.as_str()), code.as_str(), "{code}");
                assert!(advice(words, code.as_str()).is_some(), "{code}");
            }
        }
    }

    #[test]
    fn a_mark_is_a_sign_and_words() {
        let words = Words::of(Language::English);
        assert_eq!(Mark::new(words, Verdict::Valid, None), None);
        let mark = Mark::new(words, Verdict::Suspect, Some("busy")).unwrap();
        assert_eq!((mark.sign, mark.text.as_str()), ("◐", "suspect: machine was busy"));
        let mark = Mark::new(words, Verdict::Invalid, Some("sun_spots")).unwrap();
        assert_eq!((mark.sign, mark.text.as_str()), ("○", "invalid: sun_spots"));
    }
}
