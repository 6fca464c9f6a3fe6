//! The last benchmark of a machine: when it was, and what is wrong with it.

use askama::Template;
use report::Timestamp;
use report::measurement::Verdict;

use super::dates;
use super::verdict::Mark;
use super::words::Words;

/// A table's cell about the last benchmark.
#[derive(Clone, Debug, Template)]
#[template(path = "last.html")]
pub(crate) struct Last {
    machine_time: String,
    full: String,
    ago: String,
    mark: Option<Mark>,
}

impl Last {
    /// From the moment of the benchmark and its verdict with the first reason.
    pub(crate) fn new(
        words: &Words,
        now: Timestamp,
        at: Timestamp,
        verdict: (Verdict, Option<&str>),
    ) -> Self {
        Self {
            machine_time: at.to_string(),
            full: dates::minute(words.language(), at),
            ago: dates::ago(words, now, at),
            mark: Mark::new(words, verdict.0, verdict.1),
        }
    }
}
