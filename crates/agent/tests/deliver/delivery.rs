//! The way of a report from the agent to a server, with the real program and a real server, and with
//! everything that can stand in the way.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Answer, Machine, Request, Server, TOKEN, dead_server, ours, said};

#[test]
fn an_accepted_report_leaves_nothing_behind() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let output = machine.report_to(&format!("{}/api/benchmark", server.url()));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("http://bench.lan/devices/1-x"), "{}", said(&output));
    let posted = server.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].header("authorization"), format!("Bearer {TOKEN}"));
    assert!(report::Timestamp::parse(posted[0].header("x-sent-at")).is_some());
    let report = posted[0].report();
    assert_eq!(report.device().as_str(), "tested");
    assert_eq!(report.report_id.unwrap().as_uuid().get_version_num(), 7);
    assert!(report.started_at <= report.finished_at);
    assert_eq!(machine.waiting().len() + machine.set_aside().len(), 0);
}

#[test]
fn a_report_to_a_dead_server_waits_and_goes_at_the_next_run() {
    let machine = Machine::new();
    let port_of_the_dead = dead_server();
    let output = machine.report_to(&port_of_the_dead);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(machine.waiting().len(), 1);
    // The server comes back under another port: the waiting file is told so, as its address is in it.
    let server = Server::start(ours);
    let file = &machine.waiting()[0];
    let spooled = std::fs::read_to_string(file).unwrap();
    let (label, body) = spooled.split_once('\n').unwrap();
    assert!(label.contains(&port_of_the_dead));
    std::fs::write(file, format!("{}\n{body}", label.replace(&port_of_the_dead, &server.url()))).unwrap();
    let output = machine.report_to(&server.url());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 sent, 0 still waiting"), "{}", said(&output));
    let posted = server.posted();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[1].body, body.as_bytes());
    assert_eq!(machine.waiting().len(), 0);
}

#[test]
fn a_login_page_that_says_200_does_not_swallow_the_report() {
    let (server, machine) = (Server::start(|_| Answer::html()), Machine::new());
    let output = machine.report_to(&server.url());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("login page"), "{}", said(&output));
    assert_eq!(machine.waiting().len(), 1);
}

#[test]
fn another_reports_answer_is_not_ours() {
    let other = r#"{"status":"ok","report_id":"01890a5d-ac96-774b-bcce-b302099a8057"}"#;
    let server = Server::start(move |request| match request.method.as_str() {
        "POST" => Answer::json(other),
        _ => ours(request),
    });
    let machine = Machine::new();
    assert_eq!(machine.report_to(&server.url()).status.code(), Some(1));
    assert_eq!(machine.waiting().len(), 1);
}

#[test]
fn a_refused_report_is_set_aside_and_can_be_tried_again() {
    let refusing = AtomicUsize::new(1);
    let server = Server::start(move |request| match request.method.as_str() {
        "POST" if refusing.swap(0, Ordering::SeqCst) == 1 => Answer::problem(422, "invalid"),
        _ => ours(request),
    });
    let machine = Machine::new();
    let output = machine.report_to(&server.url());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("because of invalid"), "{}", said(&output));
    assert_eq!((machine.waiting().len(), machine.set_aside().len()), (0, 1));
    let spooled = std::fs::read_to_string(&machine.set_aside()[0]).unwrap();
    assert!(spooled.lines().next().unwrap().contains("because of invalid"));
    // Without being told to, nothing set aside is sent again.
    assert_eq!(machine.agent(&["send"]).output().unwrap().status.code(), Some(0));
    assert_eq!(server.posted().len(), 1);
    let output = machine.agent(&["send", "--retry-set-aside"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((machine.waiting().len(), machine.set_aside().len()), (0, 0));
    assert_eq!(server.posted()[0].body, server.posted()[1].body);
}

#[test]
fn a_newer_schema_and_other_troubles_keep_the_report() {
    for (status, code) in [(422, "schema_too_new"), (401, "unauthorized"), (403, "scope"), (404, "not_found")]
    {
        let server = Server::start(move |request| match request.method.as_str() {
            "POST" => Answer::problem(status, code),
            _ => ours(request),
        });
        let machine = Machine::new();
        let output = machine.report_to(&server.url());
        assert_eq!(output.status.code(), Some(1), "{status} {}", said(&output));
        assert_eq!((machine.waiting().len(), machine.set_aside().len()), (1, 0), "{status}");
        assert_eq!(server.posted().len(), 1, "{status} is not tried again in this run");
    }
}

#[test]
fn a_server_that_is_unwell_for_a_moment_is_tried_again() {
    let tries = AtomicUsize::new(0);
    let server = Server::start(move |request: &Request| match request.method.as_str() {
        "POST" if tries.fetch_add(1, Ordering::SeqCst) == 0 => Answer::problem(503, "unavailable"),
        _ => ours(request),
    });
    let machine = Machine::new();
    let output = machine.report_to(&server.url());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(server.posted().len(), 2);
    assert_eq!(machine.waiting().len(), 0);
}

#[test]
fn a_wrong_token_stops_the_run_before_anything_is_measured() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let mut run = machine.agent(&["run", "--short", "--server", &server.url()]);
    let begun = std::time::Instant::now();
    let output = run.env("API_TOKEN", "wrong").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("does not accept this token"), "{}", said(&output));
    assert!(begun.elapsed().as_secs() < 5);
    assert_eq!((server.posted().len(), machine.waiting().len()), (0, 0));
}

#[test]
fn what_a_killed_agent_left_is_swept_away_and_never_sent() {
    let (server, machine) = (Server::start(ours), Machine::new());
    std::fs::create_dir_all(machine.spool()).unwrap();
    let half = machine.spool().join(".01890a5d-ac96-774b-bcce-b302099a8057.report.4711.half");
    std::fs::write(&half, "{\"server\":\"http://").unwrap();
    assert_eq!(machine.report_to(&server.url()).status.code(), Some(0));
    assert!(!half.exists());
    assert_eq!(server.posted().len(), 1);
}

#[test]
fn agents_that_run_at_once_lose_and_repeat_nothing_that_counts() {
    let (server, machine) = (Server::start(ours), Machine::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let output = machine.report_to(&server.url());
                assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            });
        }
    });
    // An agent may send along what another one has just spooled: the server knows it by its id.
    let ids: std::collections::BTreeSet<_> =
        server.posted().iter().map(|request| request.report().report_id).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(machine.waiting().len(), 0);
}

#[test]
fn the_token_goes_to_its_own_server_only() {
    let (first, second, machine) = (Server::start(|_| Answer::html()), Server::start(ours), Machine::new());
    assert_eq!(machine.report_to(&first.url()).status.code(), Some(1));
    let posted_first = first.posted().len();
    assert_eq!(machine.report_to(&second.url()).status.code(), Some(0));
    assert_eq!((first.posted().len(), second.posted().len()), (posted_first, 1));
    assert_eq!(machine.waiting().len(), 1);
    // Nor does `send` guess when reports wait for two servers.
    assert_eq!(machine.report_to(&dead_server()).status.code(), Some(1));
    let output = machine.agent(&["send"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("--server"), "{}", said(&output));
}

#[test]
fn the_fleet_key_is_kept_for_runs_without_the_server() {
    let machine = Machine::new();
    let url = {
        let server = Server::start(ours);
        assert_eq!(machine.report_to(&server.url()).status.code(), Some(0));
        assert!(!missing(&server.posted()[0].body).contains(&"no_fleet_key".to_owned()));
        server.url()
    };
    assert_eq!(machine.report_to(&url).status.code(), Some(1));
    let spooled = std::fs::read(&machine.waiting()[0]).unwrap();
    let body = spooled.splitn(2, |byte| *byte == b'\n').nth(1).unwrap();
    assert!(!missing(body).contains(&"no_fleet_key".to_owned()));
    let other = Machine::new();
    assert_eq!(other.report_to(&url).status.code(), Some(1));
    let spooled = std::fs::read(&other.waiting()[0]).unwrap();
    let body = spooled.splitn(2, |byte| *byte == b'\n').nth(1).unwrap();
    assert!(missing(body).contains(&"no_fleet_key".to_owned()));
}

#[test]
fn a_dry_run_needs_nothing_and_prints_the_very_bytes() {
    let machine = Machine::new();
    let mut run = machine.agent(&["run", "--dry-run", "--inventory"]);
    let output = run.env_remove("API_TOKEN").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(output.stdout.last(), Some(&b'}'));
    assert!(missing(&output.stdout).contains(&"no_fleet_key".to_owned()));
    assert_eq!(machine.waiting().len(), 0);
}

#[test]
fn where_nothing_can_be_kept_the_report_is_sent_from_memory() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let mut run = machine.agent(&["run", "--inventory", "--server", &server.url()]);
    let output = run.env("XDG_STATE_HOME", "/dev/null").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("cannot be kept"), "{}", said(&output));
    assert_eq!(server.posted().len(), 1);
    let mut run = machine.agent(&["run", "--inventory", "--server", &dead_server()]);
    let output = run.env("XDG_STATE_HOME", "/dev/null").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("lost"), "{}", said(&output));
}

#[test]
fn a_full_disk_costs_the_spool_and_not_the_report() {
    let (server, machine) = (Server::start(ours), Machine::new());
    // A file system of its own for the state, filled to the last byte, that only these processes see.
    let script = r#"mount -t tmpfs -o size=64k none "$XDG_STATE_HOME" || exit 77
        mkdir -p "$XDG_STATE_HOME/benchtools/spool/set-aside"
        cat /dev/zero >"$XDG_STATE_HOME/filler" 2>/dev/null
        "$@"; code=$?
        find "$XDG_STATE_HOME" -name '*.half' -o -name '*.report'
        exit $code"#;
    let namespace = if rustix::process::geteuid().is_root() { "-m" } else { "-rm" };
    let mut run = std::process::Command::new("unshare");
    run.args([namespace, "sh", "-c", script, "sh"]).arg(crate::support::agent_file());
    run.args(["run", "--inventory", "--server", &server.url()]);
    let output = run.env("XDG_STATE_HOME", machine.folder.path()).env("API_TOKEN", TOKEN).output().unwrap();
    if matches!(output.status.code(), Some(77 | 1)) && said(&output).contains("permitted") {
        eprintln!("not tested: no mount namespace here: {}", said(&output));
        return;
    }
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("No space left"), "{}", said(&output));
    assert!(!said(&output).contains(".half") && !said(&output).contains(".report"), "{}", said(&output));
    assert_eq!(server.posted().len(), 1);
}

#[test]
fn people_are_spoken_to_in_their_language() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let mut run = machine.agent(&["run", "--inventory", "--server", &server.url()]);
    let output = run.env("LANG", "fr_FR.UTF-8").output().unwrap();
    assert!(said(&output).contains("La page de cette machine"), "{}", said(&output));
    let widest = String::from_utf8(output.stdout).unwrap().lines().map(|line| line.chars().count()).max();
    assert!(widest.unwrap() <= 80);
}

#[test]
fn a_proxy_is_used_as_curl_uses_it() {
    let proxy = Server::start(|request| {
        let path = request.path.strip_prefix("http://bench.invalid:8007").unwrap_or_default().to_owned();
        let request = Request { path, ..request.clone() };
        assert_eq!(request.header("host"), "bench.invalid:8007");
        ours(&request)
    });
    let machine = Machine::new();
    let mut run = machine.agent(&["run", "--inventory", "--server", "http://bench.invalid:8007"]);
    let output = run.env("http_proxy", proxy.url()).env("no_proxy", "localhost").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(proxy.posted().len(), 1);
    let server = Server::start(ours);
    let mut run = machine.agent(&["run", "--inventory", "--server", &server.url()]);
    let output = run.env("http_proxy", dead_server()).env("no_proxy", "127.0.0.0/8").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_proxy_of_another_kind_is_refused_in_words() {
    let machine = Machine::new();
    let mut run = machine.agent(&["run", "--inventory", "--server", "http://bench.invalid:8007"]);
    let output = run.env("all_proxy", "socks5://127.0.0.1:1").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("SOCKS is not supported"), "{}", said(&output));
}

#[test]
fn an_error_is_one_line_even_where_stacks_are_to_be_traced() {
    let machine = Machine::new();
    let mut run = machine.agent(&["run", "--inventory", "--server", "ftp://bench.lan"]);
    let output = run.env("RUST_BACKTRACE", "1").env("RUST_LIB_BACKTRACE", "full").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.lines().count() == 1 && errors.contains("--server"), "{errors}");
}

#[test]
fn a_limit_on_the_size_of_files_costs_the_spool_and_not_the_report() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let mut run = std::process::Command::new("sh");
    run.args(["-c", "ulimit -f 0; exec \"$0\" \"$@\""]).arg(crate::support::agent_file());
    run.args(["run", "--inventory", "--server", &server.url()]);
    let output = run.env("XDG_STATE_HOME", machine.folder.path()).env("API_TOKEN", TOKEN).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("cannot be kept"), "{}", said(&output));
    assert_eq!((server.posted().len(), machine.waiting().len()), (1, 0));
}

#[test]
fn a_refused_report_that_cannot_be_kept_is_said_to_be_lost() {
    let server = Server::start(|request| match request.method.as_str() {
        "POST" => Answer::problem(422, "invalid"),
        _ => ours(request),
    });
    let machine = Machine::new();
    let mut run = machine.agent(&["run", "--inventory", "--server", &server.url()]);
    let output = run.env("XDG_STATE_HOME", "/dev/null").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("is lost") && !said(&output).contains("set aside"), "{}", said(&output));
}

#[test]
fn a_server_that_leads_on_to_https_is_named_before_anything_is_measured() {
    let server = Server::start(|request| {
        let host = request.header("host");
        Answer { status: 301, location: format!("https://{host}{}", request.path), ..Answer::html() }
    });
    let machine = Machine::new();
    let output = machine.report_to(&server.url());
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let there = format!("use --server https://127.0.0.1:{}", server.port);
    assert!(said(&output).contains(&there), "{}", said(&output));
    assert_eq!((server.posted().len(), machine.waiting().len()), (0, 0));
}

fn missing(body: &[u8]) -> Vec<String> {
    let report = report::parse(body).unwrap();
    report.missing.iter().map(|missing| missing.reason.as_str().to_owned()).collect()
}

#[test]
fn nobody_needs_to_listen() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let mut run = machine.agent(&["run", "--inventory", "--server", &server.url()]);
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    let output = run.stdout(closed.try_clone().unwrap()).stderr(closed).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((server.posted().len(), machine.waiting().len()), (1, 0));
}

#[test]
fn the_inventory_is_shown_to_people_and_to_programs() {
    let machine = Machine::new();
    let output = machine.agent(&["inventory", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(found["hardware"]["cpu"]["threads"].as_u64().unwrap() > 0);
    assert!(found["missing"].is_array());
    let output = machine.agent(&["inventory"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 80 && text.lines().count() > 3, "{text}");
}

#[test]
fn the_doctor_tells_a_good_server_from_a_bad_token() {
    let (server, machine) = (Server::start(ours), Machine::new());
    let output = machine.agent(&["doctor", "--server", &server.url()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("accepts the token"), "{}", said(&output));
    let mut doctor = machine.agent(&["doctor", "--server", &server.url()]);
    let output = doctor.env("API_TOKEN", "wrong").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("does not accept the token"), "{}", said(&output));
}
