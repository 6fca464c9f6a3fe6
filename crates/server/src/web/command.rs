//! The line that is pasted on a machine to measure it.

/// The command block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The line, for a POSIX shell.
    pub(crate) line: String,
}

impl Command {
    /// The line for the server at this address; `device` where a name must be kept.
    pub(crate) fn new(base: &str, device: Option<&str>) -> Self {
        let script = format!("{}/bench.sh", base.trim_end_matches('/'));
        let mut line = format!("curl -fsSL {} | sh -s -- --token TOKEN", quoted(&script));
        if let Some(device) = device {
            line.push_str(" --device ");
            line.push_str(&quoted(device));
        }
        Self { line }
    }
}

/// A word for a POSIX shell, in single quotes where it needs them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    // Brackets (of an IPv6 address) would be a pattern, so they are not among the plain characters.
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn a_plain_address_needs_no_quotes() {
        let command = Command::new("http://bench.lan:8007", None);
        assert_eq!(command.line, "curl -fsSL http://bench.lan:8007/bench.sh | sh -s -- --token TOKEN");
    }

    #[test]
    fn what_a_shell_would_read_is_quoted() {
        let command = Command::new("http://[::1]:8007/", Some("it's; rm -rf $HOME"));
        let expected = r"curl -fsSL 'http://[::1]:8007/bench.sh' | sh -s -- --token TOKEN --device 'it'\''s; rm -rf $HOME'";
        assert_eq!(command.line, expected);
    }
}
