//! The network test against a server of the tests.

use std::sync::atomic::Ordering;

use report::Component;
use report::measurement::Verdict;
use report::verdict::ReasonCode;

use std::process::Command;

use crate::child::{judged, measure, measure_by, measurement, program, said};
use crate::net_server::{Manner, Server};

#[test]
fn every_metric_is_measured_and_the_place_given_back() {
    let server = Server::start(Manner::default());
    let lines = measure("network", &server.plan());
    for metric in ["ping_ms", "jitter_ms", "download_mbps", "upload_mbps"] {
        let one = measurement(&lines, &format!("network.{metric}"));
        assert!(one["value"].as_f64().is_some_and(|value| value > 0.0), "{one}");
        assert_eq!(one["params"]["server"], format!("http://127.0.0.1:{}", server.port));
        assert_eq!(one["params"]["interface"], "lo");
    }
    let loss = &measurement(&lines, "network.packet_loss_percent")["value"];
    assert!(loss.as_f64().is_some_and(|percent| (0.0..=100.0).contains(&percent)), "{loss}");
    let seen = &server.seen;
    assert!(seen.pings.load(Ordering::SeqCst) > 1);
    assert_eq!(seen.given_back.load(Ordering::SeqCst), 1);
    // Never more than the server allows; what arrived is what was said to be sent.
    let sent: u64 = said(&lines, "sent").iter().map(|bytes| bytes.as_u64().unwrap()).sum();
    let (down, up) = (seen.sent.load(Ordering::SeqCst), seen.received.load(Ordering::SeqCst));
    assert!(sent > 0 && down + up <= 60_000_000, "{down} {up}");
    assert!(up <= sent, "{up} {sent}");
}

#[test]
fn a_generous_server_changes_nothing_about_what_is_moved_at_most() {
    let server = Server::start(Manner { generous: true, ..Manner::default() });
    let lines = measure("network", &server.plan());
    measurement(&lines, "network.download_mbps");
    // A download counts with what was asked for, however much of it was fetched in the time.
    let (down, up) = (server.seen.sent.load(Ordering::SeqCst), server.seen.received.load(Ordering::SeqCst));
    assert!(down > 0 && down + up <= 250_000_000, "{down} {up}");
}

/// Such a proxy's own address says nothing about this machine.
#[test]
fn a_server_behind_a_proxy_on_its_own_host_is_another_host() {
    let server = Server::start(Manner::default());
    let mut plan = server.plan();
    plan["server"]["url"] = "http://203.0.113.1:8007".into();
    plan["only"] = "network.ping_ms".into();
    let mut command = Command::new(program());
    command.env("http_proxy", format!("http://127.0.0.1:{}", server.port)).env_remove("no_proxy");
    let lines = measure_by(command, "network", &plan);
    assert_eq!(measurement(&lines, "network.ping_ms")["params"]["same_host"], false);
}

#[test]
fn one_host_is_shown_and_not_scored() {
    let server = Server::start(Manner::default());
    let judgement = judged(&measure("network", &server.plan()));
    let network = &judgement.components[&Component::Network];
    assert!(network.reasons.iter().any(|reason| reason.code == ReasonCode::SameHost), "{network:?}");
    assert!(!network.scored && network.verdict != Verdict::Invalid);
}

#[test]
fn a_place_that_is_taken_is_waited_for() {
    let server = Server::start(Manner { taken: 2, ..Manner::default() });
    let mut plan = server.plan();
    plan["only"] = "network.ping_ms".into();
    measurement(&measure("network", &plan), "network.ping_ms");
    assert_eq!(server.seen.asked.load(Ordering::SeqCst), 3);
}

#[test]
fn a_place_that_stays_taken_is_told_with_what_to_do() {
    let server = Server::start(Manner { taken: u64::MAX, ..Manner::default() });
    let lines = measure("network", &server.plan());
    let failed = said(&lines, "failed");
    assert_eq!(failed[0]["path"], "results.network");
    assert_eq!(failed[0]["reason"], "server_busy");
    assert!(failed[0]["advice"].as_str().unwrap().contains("again"), "{}", failed[0]);
    assert!(said(&lines, "measurement").is_empty());
}

#[test]
fn a_server_that_cannot_is_told() {
    let old = Server::start(Manner { old: true, ..Manner::default() });
    let lines = measure("network", &old.plan());
    assert_eq!(said(&lines, "failed")[0]["reason"], "not_supported");

    let strict = Server::start(Manner::default());
    let mut plan = strict.plan();
    plan["server"]["token"] = "wrong".into();
    let lines = measure("network", &plan);
    assert_eq!(said(&lines, "failed")[0]["reason"], "not_permitted");

    let mut plan = strict.plan();
    let port = strict.port;
    drop(strict);
    plan["server"]["url"] = format!("http://127.0.0.1:{port}").into();
    let lines = measure("network", &plan);
    assert_eq!(said(&lines, "failed")[0]["reason"], "unreachable");
}

#[test]
fn a_transfer_that_breaks_costs_that_metric_only() {
    let server = Server::start(Manner { breaks: true, ..Manner::default() });
    let lines = measure("network", &server.plan());
    let failed = said(&lines, "failed");
    assert_eq!(
        (&failed[0]["path"], &failed[0]["reason"]),
        (&"network.download_mbps".into(), &"unreachable".into())
    );
    measurement(&lines, "network.ping_ms");
    measurement(&lines, "network.upload_mbps");
    assert_eq!(server.seen.given_back.load(Ordering::SeqCst), 1);
}

#[test]
fn without_a_server_there_is_nothing_to_measure_to() {
    let plan = serde_json::json!({"preset": "short", "budget": {"secs": 1, "nanos": 0}});
    let lines = measure("network", &plan);
    assert_eq!(said(&lines, "missing")[0]["reason"], "no_server");
}

/// Through a proxy, so that no packet leaves this machine.
#[test]
fn to_a_public_address_only_round_trips_are_measured_unless_asked() {
    let server = Server::start(Manner { elsewhere: true, ..Manner::default() });
    let measure = |full: bool| {
        let mut plan = server.plan();
        plan["server"]["url"] = "http://203.0.113.1:8007".into();
        plan["full_network"] = full.into();
        let mut command = Command::new(program());
        command.env("http_proxy", format!("http://127.0.0.1:{}", server.port)).env_remove("no_proxy");
        measure_by(command, "network", &plan)
    };
    let lines = measure(false);
    assert_eq!(measurement(&lines, "network.ping_ms")["params"]["same_host"], false);
    assert!(said(&lines, "missing").iter().any(|missing| missing["reason"] == "public_address"), "{lines:?}");
    assert_eq!(server.seen.sent.load(Ordering::SeqCst) + server.seen.received.load(Ordering::SeqCst), 0);
    let lines = measure(true);
    measurement(&lines, "network.download_mbps");
    measurement(&lines, "network.upload_mbps");
    assert!(judged(&lines).components[&Component::Network].scored);
}
