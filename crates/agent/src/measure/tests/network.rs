//! The network's tests, to the server: round trips, and both directions over several connections.

mod client;
mod flow;
mod iperf;

use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use report::measurement::{Measurement, Params};
use report::missing::Missing;
use report::number::Whole;
use report::stats::p99;
use report::text::{Name, Prose};
use report::{Direction as Better, Preset};

use super::super::plan::{ComponentPlan, ServerAccess};
use super::super::protocol::{Line, Sink};
use super::super::sampler::Sampled;
use super::{figure, measurement};
use crate::arch::tcp::{self, Connection};
use crate::probe::reach::{interface_with, is_public, is_this_host};
use crate::probe::{Root, run_with_us};
use client::{Client, NetError, Slot};
use flow::{CONNECTIONS, Direction, flow};

/// Round trips that are enough.
const MOST_PINGS: usize = 200;
/// One direction takes no longer than this: a longer one says nothing new.
const LONGEST: Duration = Duration::from_secs(8);
/// Fewer segments say nothing about loss.
const FEWEST_SEGMENTS: u32 = 100;
/// Bytes that the test moves at most, however many the server allows.
const MOST_BYTES: u64 = 250_000_000;
/// Part of what the server allows that each direction may use.
const SHARE_OF_BYTES: f64 = 0.45;

const PING: &str = "network.ping_ms";
const PING_P99: &str = "network.ping_p99_ms";
const JITTER: &str = "network.jitter_ms";
const DOWNLOAD: &str = "network.download_mbps";
const UPLOAD: &str = "network.upload_mbps";
const LOSS: &str = "network.packet_loss_percent";

/// Measures the network.
pub(crate) fn run(plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    let iperf = plan.iperf_server.as_deref();
    let seconds = iperf_seconds(plan.preset);
    let kept =
        if iperf.is_some() { (seconds + iperf::EXTRA) * directions(plan.preset) } else { Duration::ZERO };
    let last = Instant::now() + plan.budget;
    let end = Instant::now() + plan.budget.saturating_sub(kept).max(plan.budget / 4);
    match &plan.server {
        Some(access) => to_server(plan, access, end, sink)?,
        None => {
            let advice = "name the server with --server URL and the token in API_TOKEN";
            sink.say(Line::Missing(Missing::new(DOWNLOAD, "no_server", Some(advice))))?;
        }
    }
    match iperf {
        Some(host) => with_iperf(plan, host, (seconds, last), sink),
        None => Ok(()),
    }
}

fn to_server(
    plan: &ComponentPlan,
    access: &ServerAccess,
    end: Instant,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let client = match Client::new(access) {
        Ok(client) => client,
        Err(error) => return failed("results.network", &error, sink),
    };
    match take(&client, end) {
        Ok(slot) => Session::new(plan, &client, slot, end).run(sink),
        Err(error) => failed("results.network", &error, sink),
    }
}

/// Waits for the place for half of the time at most.
fn take(client: &Client, end: Instant) -> Result<Slot<'_>, NetError> {
    let patience = Instant::now() + end.saturating_duration_since(Instant::now()) / 2;
    loop {
        match client.take() {
            // The server says when the place is free at the latest: a test that ends early frees it before.
            Err(NetError::Taken { retry_after }) if Instant::now() < patience => {
                let left = patience.saturating_duration_since(Instant::now());
                thread::sleep(retry_after.min(Duration::from_millis(250)).min(left));
            }
            taken => return taken,
        }
    }
}

fn failed(path: &str, error: &NetError, sink: &mut dyn Sink) -> io::Result<()> {
    let advice = match error {
        NetError::Taken { .. } => format!("{error}; measure again when it has finished"),
        NetError::NotSupported => format!("{error}; upgrade the server"),
        NetError::NotPermitted => format!("{error}; check API_TOKEN"),
        error => error.to_string(),
    };
    sink.say(Line::Failed(Missing::new(path, error.reason(), Some(&advice))))
}

/// One test, with the place taken.
struct Session<'a> {
    plan: &'a ComponentPlan,
    slot: Slot<'a>,
    server: String,
    end: Instant,
    same_host: bool,
    public: bool,
    interface: Option<String>,
}

impl<'a> Session<'a> {
    fn new(plan: &'a ComponentPlan, client: &Client, slot: Slot<'a>, end: Instant) -> Self {
        let root = Root::system();
        // The connection that the place was asked for with is still open.
        let connection = tcp::connections().into_iter().next();
        let told = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<IpAddr>().ok());
        let ends = (told(&slot.granted.client_address), told(&slot.granted.server_address));
        let named = resolve(client.server.host());
        let peer = named.or_else(|| Some(connection?.peer));
        // On the loopback the server may see a proxy of its own; what is really there shows in the peer.
        let one_machine = matches!(ends, (Some(client), Some(server)) if client == server && !client.to_canonical().is_loopback());
        Self {
            plan,
            server: client.server.as_str().to_owned(),
            end,
            same_host: one_machine || peer.is_some_and(|peer| is_this_host(&root, peer)),
            public: peer.is_some_and(is_public),
            interface: connection.and_then(|one| interface_with(&root, one.local)),
            slot,
        }
    }

    fn run(&self, sink: &mut dyn Sink) -> io::Result<()> {
        let wants = |metrics: &[&str]| metrics.iter().any(|metric| self.plan.wants(metric));
        if wants(&[PING, PING_P99, JITTER]) {
            sink.say(Line::Progress(PING.to_owned()))?;
            self.round_trips(sink)?;
        }
        if self.public && !self.plan.full_network {
            let advice = "the server has a public address; --full-network measures the throughput too";
            return sink.say(Line::Missing(Missing::new(DOWNLOAD, "public_address", Some(advice))));
        }
        let upload = wants(&[UPLOAD, LOSS]);
        if self.plan.wants(DOWNLOAD) {
            sink.say(Line::Progress(DOWNLOAD.to_owned()))?;
            self.throughput(Direction::Download, if upload { 2 } else { 1 }, sink)?;
        }
        if upload {
            sink.say(Line::Progress(UPLOAD.to_owned()))?;
            self.throughput(Direction::Upload, 1, sink)?;
        }
        Ok(())
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    fn round_trips(&self, sink: &mut dyn Sink) -> io::Result<()> {
        let (begun, cap) = (Instant::now(), self.left() / 4);
        let mut ms = Vec::new();
        // The first one may open a connection.
        let mut warm = false;
        while ms.len() < MOST_PINGS && (begun.elapsed() < cap || ms.is_empty()) {
            match self.slot.ping() {
                Ok(took) if std::mem::replace(&mut warm, true) => ms.push(took.as_secs_f64() * 1e3),
                Ok(_) => {}
                Err(error) => return failed(PING, &error, sink),
            }
        }
        for measured in self.pings(&ms, begun.elapsed()) {
            sink.say(Line::Measurement(Box::new(measured)))?;
        }
        if p99(&ms).is_none() && self.plan.wants(PING_P99) {
            let advice = format!("{} round trips in the time there was; a longer preset has more", ms.len());
            sink.say(Line::Missing(Missing::new(PING_P99, "few_samples", Some(&advice))))?;
        }
        Ok(())
    }

    fn pings(&self, ms: &[f64], time: Duration) -> Vec<Measurement> {
        let sampled = Sampled { rates: ms.to_vec(), time, correct: None };
        let one = |metric, value: Option<f64>| Some(figure(metric, value?, time, self.params(1)));
        let all = [
            Some(measurement(PING, &sampled, |ms| ms, self.params(1))),
            one(PING_P99, p99(ms)),
            one(JITTER, jitter(ms)),
        ];
        let wanted = |one: &Measurement| self.plan.wants(one.metric.as_str());
        all.into_iter().flatten().filter(wanted).collect()
    }

    fn throughput(&self, direction: Direction, parts: u32, sink: &mut dyn Sink) -> io::Result<()> {
        let metric = if direction == Direction::Download { DOWNLOAD } else { UPLOAD };
        // The end of an upload has to arrive, and the place to be given back.
        let cap = (self.left().mul_f64(0.8) / parts).min(LONGEST);
        let most = (self.slot.granted.max_bytes.min(MOST_BYTES) as f64 * SHARE_OF_BYTES) as u64;
        let flow = match flow(&self.slot, direction, most, cap) {
            Ok(flow) => flow,
            Err(error) => return failed(metric, &error, sink),
        };
        if direction == Direction::Upload {
            sink.say(Line::Sent(flow.bytes))?;
        }
        if self.plan.wants(metric) {
            let sampled = Sampled { rates: flow.rates, time: flow.time, correct: None };
            let made = measurement(metric, &sampled, |rate| rate * 8.0 / 1e6, self.params(CONNECTIONS));
            sink.say(Line::Measurement(Box::new(made)))?;
        }
        if direction == Direction::Upload && self.plan.wants(LOSS) {
            return self.loss(&flow.connections, flow.time, sink);
        }
        Ok(())
    }

    fn loss(&self, connections: &[Connection], time: Duration, sink: &mut dyn Sink) -> io::Result<()> {
        match loss_percent(connections) {
            Some(percent) => {
                let made = figure(LOSS, percent, time, self.params(CONNECTIONS));
                sink.say(Line::Measurement(Box::new(made)))
            }
            None => {
                let advice = "the kernel counts no segments here, or too few were sent";
                sink.say(Line::Missing(Missing::new(LOSS, "not_exposed", Some(advice))))
            }
        }
    }

    fn params(&self, connections: u64) -> Params {
        Params {
            server: Some(Prose::lossy(&self.server)),
            connections: Whole::new(connections),
            same_host: Some(self.same_host),
            interface: self.interface.as_deref().map(Name::lossy),
            ..Params::default()
        }
    }
}

/// The address behind the server's name.
fn resolve(host: &str) -> Option<IpAddr> {
    match host.parse() {
        Ok(address) => Some(address),
        Err(_) => Some((host, 0).to_socket_addrs().ok()?.next()?.ip()),
    }
}

/// Mean difference of consecutive round trips.
fn jitter(ms: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = ms.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    (!differences.is_empty()).then(|| differences.iter().sum::<f64>() / differences.len() as f64)
}

/// Segments that were sent again, of all that were sent; `None` of too few, or where the kernel does not count.
fn loss_percent(connections: &[Connection]) -> Option<f64> {
    let sent: u32 = connections.iter().map(|one| one.sent_segments).sum::<Option<u32>>()?;
    let again: u32 = connections.iter().map(|one| one.resent_segments).sum::<Option<u32>>()?;
    (sent >= FEWEST_SEGMENTS).then(|| (100.0 * f64::from(again) / f64::from(sent)).min(100.0))
}

/// A short run has time for one direction only.
fn directions(preset: Preset) -> u32 {
    if preset == Preset::Short { 1 } else { 2 }
}

fn iperf_seconds(preset: Preset) -> Duration {
    Duration::from_secs(match preset {
        Preset::Short => 1,
        Preset::Normal => 2,
        Preset::Thorough => 10,
    })
}

fn with_iperf(
    plan: &ComponentPlan,
    host: &str,
    (time, last): (Duration, Instant),
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let metrics = ["network.iperf_upload_mbps", "network.iperf_download_mbps"];
    let number = directions(plan.preset) as usize;
    for (index, metric) in metrics.into_iter().enumerate().filter(|(_, metric)| plan.wants(metric)) {
        let left = last.saturating_duration_since(Instant::now());
        if index >= number || left < time {
            let advice = "a longer preset has time for it";
            sink.say(Line::Missing(Missing::new(metric, "no_time", Some(advice))))?;
            continue;
        }
        sink.say(Line::Progress(metric.to_owned()))?;
        match iperf::run(run_with_us, host, index == 1, (time.as_secs(), left)) {
            Ok(iperf) => {
                let params = Params {
                    server: Some(Prose::lossy(host)),
                    connections: Some(Whole::from(1)),
                    ..Params::default()
                };
                let sampled = Sampled { rates: iperf.rates, time, correct: None };
                let mut made = measurement(metric, &sampled, |bits| bits / 1e6, params);
                made.unit = Some(Name::lossy("Mbit/s"));
                made.direction = Some(Better::Higher);
                sink.say(Line::Measurement(Box::new(made)))?;
            }
            Err(reason) if reason == "not_present" => {
                let advice = "install iperf3 on this machine, or leave --iperf-server out";
                return sink.say(Line::Missing(Missing::new(metric, "not_present", Some(advice))));
            }
            Err(reason) => {
                let advice = format!("iperf3 to {host}: {}", reason.replace('_', " "));
                sink.say(Line::Failed(Missing::new(metric, "iperf_failed", Some(&advice))))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(sent: Option<u32>, resent: u32) -> Connection {
        let address = IpAddr::from([127, 0, 0, 1]);
        Connection {
            local: address,
            peer: address,
            acked_bytes: None,
            sent_segments: sent,
            resent_segments: Some(resent),
        }
    }

    #[test]
    fn loss_is_what_was_sent_again() {
        assert_eq!(loss_percent(&[connection(Some(150), 1), connection(Some(50), 3)]), Some(2.0));
        assert_eq!(loss_percent(&[connection(Some(99), 0)]), None);
        assert_eq!(loss_percent(&[connection(Some(500), 0), connection(None, 0)]), None);
        assert_eq!(loss_percent(&[]), None);
    }

    #[test]
    fn jitter_is_the_mean_difference() {
        assert_eq!(jitter(&[1.0, 3.0, 2.0]), Some(1.5));
        assert_eq!(jitter(&[1.0]), None);
    }
}
