//! The lines that a child process writes: one JSON object each.

use std::io::{self, Write};

use report::measurement::Measurement;
use report::missing::Missing;
use serde::{Deserialize, Serialize};

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// What is being measured now.
    Progress(String),
    /// One metric is done.
    Measurement(Box<Measurement>),
    /// Something could not be measured.
    Missing(Missing),
    /// A test that should have run failed: what is missing for it.
    Failed(Missing),
    /// Bytes written to a disk since the last such line.
    Written(u64),
    /// Bytes sent over the network since the last such line.
    Sent(u64),
    /// All is said; a child that ends without this line crashed.
    Done(bool),
}

/// Where a test says what it found.
pub(crate) trait Sink {
    /// Says one thing; an error means that nobody listens any more.
    fn say(&mut self, line: Line) -> io::Result<()>;
}

/// Writes lines to a pipe, each at once.
pub(crate) struct Pipe<W>(pub(crate) W);

impl<W: Write> Sink for Pipe<W> {
    fn say(&mut self, line: Line) -> io::Result<()> {
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        self.0.write_all(text.as_bytes())?;
        self.0.flush()
    }
}

impl Sink for Vec<Line> {
    fn say(&mut self, line: Line) -> io::Result<()> {
        self.push(line);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_object_and_reads_back() {
        let lines = [
            Line::Progress("copy".to_owned()),
            Line::Missing(Missing::new("results.network", "no_server", None)),
            Line::Written(7),
            Line::Done(true),
        ];
        let mut pipe = Pipe(Vec::new());
        for line in lines.clone() {
            pipe.say(line).unwrap();
        }
        let text = String::from_utf8(pipe.0).unwrap();
        let read: Vec<Line> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, lines);
        assert!(text.starts_with("{\"progress\":\"copy\"}\n"), "{text}");
    }
}
