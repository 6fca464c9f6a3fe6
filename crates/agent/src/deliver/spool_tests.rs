//! Tests of the spool on a real folder.

use super::*;

fn label(number: u128) -> Label {
    Label {
        server: ServerUrl::parse("http://bench.lan:8007").unwrap(),
        report_id: ReportId::new(uuid::Uuid::from_u128(number)),
        spooled_at: Timestamp::from_ms(1_700_000_000_000),
        refused: None,
    }
}

fn refusal() -> Refusal {
    Refusal { status: 422, code: "invalid".to_owned(), detail: "results.cpu.score: negative".to_owned() }
}

#[test]
fn what_is_put_in_waits_with_its_very_bytes_until_it_is_removed() {
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(state.path()).unwrap();
    let bytes = b"{\n\"a\": 1 }\n\n";
    spool.put(&label(2), bytes).unwrap();
    spool.put(&label(1), b"{}").unwrap();
    // A second agent sees the same.
    let waiting = Spool::open(state.path()).unwrap().waiting().unwrap();
    assert_eq!(waiting.iter().map(|entry| entry.label.clone()).collect::<Vec<_>>(), [label(1), label(2)]);
    assert_eq!(body(&waiting[1]).unwrap(), bytes);
    spool.remove(&waiting[1]).unwrap();
    spool.remove(&waiting[1]).unwrap();
    assert_eq!(spool.waiting().unwrap().len(), 1);
}

#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(&state.path().join("new/state")).unwrap();
    let entry = spool.put(&label(1), b"{}").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&entry.path), 0o600);
    assert_eq!(mode(spool.folder()), 0o700);
}

#[test]
fn what_a_killed_agent_left_half_written_is_removed_and_never_sent() {
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(state.path()).unwrap();
    let half = spool.folder().join(format!(".x.report.1{HALF}"));
    fs::write(&half, b"{\"server\":").unwrap();
    assert_eq!(spool.waiting().unwrap(), []);
    assert!(!half.exists());
}

#[test]
fn a_file_that_another_agent_is_writing_is_left_alone() {
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(state.path()).unwrap();
    let other = spool.lock(Duration::ZERO).unwrap();
    let half = spool.folder().join(format!(".x.report.1{HALF}"));
    fs::write(&half, b"{").unwrap();
    assert_eq!(spool.waiting().unwrap(), []);
    assert!(half.exists());
    drop(other);
    assert_eq!(spool.waiting().unwrap(), []);
    assert!(!half.exists());
}

#[test]
fn files_that_are_none_of_ours_do_not_disturb() {
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(state.path()).unwrap();
    fs::write(spool.folder().join("notes.report"), b"buy milk").unwrap();
    fs::write(spool.folder().join("zeros.report"), vec![0; 1000]).unwrap();
    spool.put(&label(1), b"{}").unwrap();
    assert_eq!(spool.waiting().unwrap().len(), 1);
}

#[test]
fn a_refused_report_is_set_aside_with_the_reason_and_can_come_back() {
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(state.path()).unwrap();
    let entry = spool.put(&label(1), b"{\"x\":1}").unwrap();
    spool.refuse(&entry, refusal()).unwrap();
    assert_eq!(spool.waiting().unwrap(), []);
    let aside = spool.set_aside().unwrap();
    assert_eq!(aside[0].label.refused, Some(refusal()));
    assert_eq!(body(&aside[0]).unwrap(), b"{\"x\":1}");
    spool.restore(&aside[0]).unwrap();
    assert_eq!(spool.set_aside().unwrap(), []);
    assert_eq!(spool.waiting().unwrap(), [entry]);
}

#[test]
fn many_agents_at_once_lose_nothing() {
    let state = tempfile::tempdir().unwrap();
    let spool = Spool::open(state.path()).unwrap();
    std::thread::scope(|scope| {
        for agent in 0..4 {
            let spool = spool.clone();
            scope.spawn(move || {
                for number in 0..10 {
                    spool.put(&label(agent * 10 + number), b"{}").unwrap();
                    spool.waiting().unwrap();
                }
            });
        }
    });
    assert_eq!(spool.waiting().unwrap().len(), 40);
}
