//! The real iperf3, for those who have a server of it.

use std::time::Duration;

use serde::Deserialize;

use crate::probe::RunError;
use crate::say;

/// What iperf3 takes beyond its time: connecting, and exchanging results.
pub(super) const EXTRA: Duration = Duration::from_millis(1200);

/// Runs a program for its output, for a limited time.
type Run = fn(&str, &[&str], Duration) -> Result<Vec<u8>, RunError>;

/// One direction.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Iperf {
    /// Bits per second of each second, in time order.
    pub(super) rates: Vec<f64>,
}

/// What iperf3 says with -J, as far as we read it.
#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    intervals: Vec<Interval>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Interval {
    sum: Sum,
}

#[derive(Deserialize)]
struct Sum {
    bits_per_second: f64,
    #[serde(default)]
    omitted: bool,
}

/// Runs it for whole seconds against `host`, which may carry a port; never longer than the time that is left.
pub(super) fn run(
    program: Run,
    host: &str,
    download: bool,
    (seconds, left): (u64, Duration),
) -> Result<Iperf, String> {
    let (name, port) = split(host);
    let (seconds_text, interval) = (seconds.to_string(), if seconds < 3 { "0.1" } else { "0.5" });
    let mut arguments = vec!["-c", name, "-J", "-t", &seconds_text, "-i", interval];
    arguments.extend(port.iter().flat_map(|port| ["-p", port]));
    if download {
        arguments.push("-R");
    }
    let output = program("iperf3", &arguments, left.min(Duration::from_secs(seconds) + EXTRA));
    match output {
        Ok(output) => parse(&output),
        Err(RunError::NotPresent) => Err("not_present".to_owned()),
        Err(RunError::TimedOut) => Err("timed_out".to_owned()),
        Err(RunError::NotPermitted | RunError::Failed) => Err("failed".to_owned()),
    }
}

/// `host:port`, `[v6]:port`, or a host alone.
fn split(host: &str) -> (&str, Option<&str>) {
    if let Some((name, rest)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (name, rest.strip_prefix(':'));
    }
    match host.split_once(':') {
        Some((name, port)) if !port.contains(':') => (name, Some(port)),
        _ => (host, None),
    }
}

fn parse(output: &[u8]) -> Result<Iperf, String> {
    let output: Output = serde_json::from_slice(output).map_err(|_| "failed".to_owned())?;
    if let Some(error) = output.error {
        return Err(say::tame(&error));
    }
    let sums = output.intervals.iter().map(|interval| &interval.sum).filter(|sum| !sum.omitted);
    let rates: Vec<f64> = sums.map(|sum| sum.bits_per_second).collect();
    if rates.is_empty() { Err("failed".to_owned()) } else { Ok(Iperf { rates }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_iperf_says_is_read() {
        let output = br#"{"start":{"version":"iperf 3.12"},"intervals":[
            {"streams":[],"sum":{"start":0,"end":0.5,"bits_per_second":9.4e8,"omitted":false}},
            {"streams":[],"sum":{"start":0.5,"end":1,"bits_per_second":9.2e8,"omitted":false}}],"end":{}}"#;
        assert_eq!(parse(output), Ok(Iperf { rates: vec![9.4e8, 9.2e8] }));
        let refused = br#"{"start":{},"intervals":[],"end":{},"error":"unable to connect to server: Connection refused"}"#;
        assert!(parse(refused).unwrap_err().contains("Connection refused"));
        assert_eq!(parse(b"not JSON"), Err("failed".to_owned()));
    }

    #[test]
    fn hosts_may_carry_a_port() {
        assert_eq!(split("nas.lan"), ("nas.lan", None));
        assert_eq!(split("nas.lan:5202"), ("nas.lan", Some("5202")));
        assert_eq!(split("[fd00::1]:5202"), ("fd00::1", Some("5202")));
        assert_eq!(split("fd00::1"), ("fd00::1", None));
    }

    #[test]
    fn a_machine_without_iperf_says_so() {
        let left = Duration::from_secs(9);
        let absent = run(|_, _, _| Err(RunError::NotPresent), "nas.lan", false, (1, left));
        assert_eq!(absent, Err("not_present".to_owned()));
    }

    #[test]
    fn it_has_the_time_that_is_left() {
        let limited: Run = |_, _, limit| {
            assert_eq!(limit, Duration::from_millis(1100));
            Err(RunError::TimedOut)
        };
        let late = run(limited, "nas.lan", false, (1, Duration::from_millis(1100)));
        assert_eq!(late, Err("timed_out".to_owned()));
    }
}
