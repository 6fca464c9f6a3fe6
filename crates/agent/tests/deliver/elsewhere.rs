//! Reports that wait for one address while another is spoken to, and servers that lead on to another address.

use crate::support::{Answer, Machine, Server, dead_server, ours, said};

#[test]
fn what_waits_for_another_address_is_told_and_never_sent_unasked() {
    let (server, machine, away) = (Server::start(ours), Machine::new(), dead_server());
    assert_eq!(machine.report_to(&away).status.code(), Some(1));
    let here = server.url();
    let told =
        format!("1 report waits for {away}. To send it to {here}: benchtools send --server {here} --all");
    for arguments in [&["send"][..], &["doctor"], &["run", "--inventory"]] {
        let output = machine.agent(arguments).args(["--server", &here]).output().unwrap();
        assert!(said(&output).contains(&told), "{arguments:?} {}", said(&output));
        let expected = if arguments == ["send"] { 1 } else { 0 };
        assert_eq!(output.status.code(), Some(expected), "{arguments:?} {}", said(&output));
        assert!(!said(&output).contains("Nothing waits in"), "{}", said(&output));
        assert_eq!(machine.waiting().len(), 1, "{arguments:?}");
    }
    assert_eq!(server.posted().len(), 1, "the run's own");
    // An address that does not answer is not the one to send them to.
    let output = machine.report_to(&dead_server());
    assert!(!said(&output).contains("--all"), "{}", said(&output));
}

#[test]
fn what_waits_for_another_address_goes_with_all() {
    let (server, machine, away) = (Server::start(ours), Machine::new(), dead_server());
    assert_eq!(machine.report_to(&away).status.code(), Some(1));
    assert_eq!(machine.report_to(&away).status.code(), Some(1));
    let output = machine.agent(&["send", "--server", &server.url(), "--all"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("2 sent, 0 still waiting"), "{}", said(&output));
    assert_eq!((server.posted().len(), machine.waiting().len()), (2, 0));
    let output = machine.agent(&["send", "--server", &server.url()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("Nothing waits in"), "{}", said(&output));
}

#[test]
fn all_needs_an_address_and_waits_for_it_if_it_is_away() {
    let (machine, mistyped, away) = (Machine::new(), dead_server(), dead_server());
    assert_eq!(machine.report_to(&mistyped).status.code(), Some(1));
    let output = machine.agent(&["send", "--all"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("--server"), "{}", said(&output));
    let output = machine.agent(&["send", "--all", "--server", &away]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let label = std::fs::read_to_string(&machine.waiting()[0]).unwrap();
    assert!(label.lines().next().unwrap().contains(&away), "{label}");
}

#[test]
fn a_refused_report_of_another_address_can_be_tried_with_all_too() {
    let refusing = Server::start(|request| match request.method.as_str() {
        "POST" => Answer::problem(422, "invalid"),
        _ => ours(request),
    });
    let (server, machine) = (Server::start(ours), Machine::new());
    assert_eq!(machine.report_to(&refusing.url()).status.code(), Some(1));
    let output = machine.agent(&["send", "--retry-set-aside", "--server", &server.url()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let command = format!("benchtools send --server {} --all --retry-set-aside", server.url());
    assert!(said(&output).contains(&command), "{}", said(&output));
    let output = machine.agent(&command.split(' ').skip(1).collect::<Vec<_>>()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((machine.waiting().len(), machine.set_aside().len()), (0, 0));
}

#[test]
fn a_server_that_leads_on_is_not_followed_and_nothing_is_measured() {
    for status in [301, 302, 307, 308] {
        for full in [true, false] {
            let server = Server::start(move |request| {
                let path = if full { request.path.as_str() } else { "/" };
                let location = format!("https://127.0.0.1:1{path}");
                Answer { status, location, ..Answer::html() }
            });
            let machine = Machine::new();
            let output = machine.report_to(&server.url());
            assert_eq!(output.status.code(), Some(2), "{status} {}", said(&output));
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(errors.contains("use --server https://127.0.0.1:1\n"), "{status} {}", said(&output));
            assert_eq!(errors.lines().count(), 1, "{status} {}", said(&output));
            assert_eq!((server.seen().len(), machine.waiting().len()), (1, 0), "{status}");
        }
    }
}

#[test]
fn nothing_is_said_twice_and_sentences_end_once() {
    let machine = Machine::new();
    let output = machine.report_to("ftp://x");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(said(&output).matches("no server address").count(), 1, "{}", said(&output));
    let portal = Server::start(|_| Answer::html());
    let output = machine.report_to(&portal.url());
    assert!(said(&output).contains("in between?\n") && !said(&output).contains("?."), "{}", said(&output));
    let elsewhere = Server::start(|_| {
        let body = br#"{"detail":"There is nothing at this address."}"#.to_vec();
        Answer { status: 404, kind: "application/problem+json", body, location: String::new() }
    });
    let output = machine.report_to(&elsewhere.url());
    assert!(said(&output).contains("nothing at this address.\n"), "{}", said(&output));
    assert!(!said(&output).contains(".."), "{}", said(&output));
}

#[test]
fn an_option_without_its_value_does_not_swallow_the_next_one() {
    let machine = Machine::new();
    let options = ["--server", "--ca-file", "--device", "--iperf-server", "--disk-path", "--label", "--note"];
    for option in options {
        let output = machine.agent(&["run", "--dry-run", option, "--inventory"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{option} {}", said(&output));
        assert!(said(&output).contains(&format!("'{option} <")), "{}", said(&output));
        assert!(output.stdout.is_empty(), "{}", said(&output));
    }
}
