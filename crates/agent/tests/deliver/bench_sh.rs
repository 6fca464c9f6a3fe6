//! bench.sh as people start it, `curl … | sh -s -- …`: under dash and busybox, with curl, GNU wget and busybox
//! wget, on a search path that holds just what a bare system has.

mod folders;
mod options;

use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sha2::{Digest as _, Sha256};

use crate::support::{Answer, Machine, Request, Server, TOKEN, agent_file, dead_server, ours, said};

/// What every system has.
const BARE: [&str; 9] = ["uname", "mkdir", "chmod", "rm", "grep", "tail", "sha256sum", "sleep", "kill"];

/// A system: a shell, a downloader, and the folders that they see.
struct System {
    machine: Machine,
    shell: &'static [&'static str],
}

const SHELLS: [&[&str]; 2] = [&["dash"], &["busybox", "sh"]];

impl System {
    /// With these programs in its search path; `(name, program)` puts a program under another name.
    fn new(shell: &'static [&'static str], programs: &[(&str, &str)]) -> Self {
        let machine = Machine::new();
        let bin = machine.folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        for (name, program) in BARE.iter().map(|name| (*name, *name)).chain(programs.iter().copied()) {
            symlink(which(program), bin.join(name)).unwrap();
        }
        std::fs::create_dir(machine.folder.path().join("tmp")).unwrap();
        Self { machine, shell }
    }

    fn tmp(&self) -> PathBuf {
        self.machine.folder.path().join("tmp")
    }

    /// The command without the script's text, which comes on standard input.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(which(self.shell[0]));
        command.args(&self.shell[1..]).args(["-s", "--"]).args(arguments).env_clear();
        command.env("PATH", self.machine.folder.path().join("bin"));
        command.env("TMPDIR", self.tmp()).env("HOME", self.machine.folder.path());
        command.env("XDG_STATE_HOME", self.machine.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, script: &str, arguments: &[&str]) -> Output {
        run(self.command(arguments), script)
    }
}

fn run(mut command: Command, script: &str) -> Output {
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(program));
    found.find(|file| file.is_file()).unwrap_or_else(|| panic!("{program} is needed for this test"))
}

/// bench.sh as it stands in the repository.
fn template() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench.sh");
    std::fs::read_to_string(file).unwrap()
}

/// bench.sh as a server hands it out.
fn rendered(server: &str, targets: &str) -> String {
    let filled = |line: &str| match line {
        "SERVER=''" => format!("SERVER='{server}'\n"),
        "TARGETS=''" => format!("TARGETS='{targets}'\n"),
        line => format!("{line}\n"),
    };
    template().lines().map(filled).collect()
}

fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

/// A server that also hands out this agent, or something else under its name.
fn serving(agent: Vec<u8>, checksum: String) -> Server {
    let path = format!("/agent/{}/benchtools", target());
    Server::start(move |request: &Request| match &request.path {
        asked if *asked == path => Answer::bytes(agent.clone()),
        asked if *asked == format!("{path}.sha256") => Answer::bytes(checksum.clone()),
        _ => ours(request),
    })
}

fn checksum(bytes: &[u8]) -> String {
    format!("{}  benchtools\n", hex::encode(Sha256::digest(bytes)))
}

fn serving_the_agent() -> Server {
    let agent = std::fs::read(agent_file()).unwrap();
    let checksum = checksum(&agent);
    serving(agent, checksum)
}

/// A stand-in for the agent, for what happens around it.
fn serving_script(script: &str) -> Server {
    serving(script.into(), checksum(script.as_bytes()))
}

/// Every failure is one sentence, exit code 2, and nothing left behind.
fn fails_with(system: &System, output: &Output, sentence: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", said(output));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains(sentence), "{sentence:?} expected: {}", said(output));
    assert_eq!(errors.lines().count(), 1, "{}", said(output));
    assert_eq!(std::fs::read_dir(system.tmp()).unwrap().count(), 0);
}

#[test]
fn the_one_line_works_in_every_shell_with_every_downloader() {
    let server = serving_the_agent();
    let script = rendered(&server.url(), &target());
    for shell in SHELLS {
        for downloader in [("curl", "curl"), ("wget", "wget"), ("wget", "busybox")] {
            let system = System::new(shell, &[downloader]);
            let arguments = ["--token", TOKEN, "--inventory", "--device", "a b'c", "--note=x y"];
            let output = system.run(&script, &arguments);
            assert_eq!(output.status.code(), Some(0), "{shell:?} {downloader:?} {}", said(&output));
            let report = server.posted().pop().unwrap().report();
            assert_eq!(report.device().as_str(), "a b'c");
            assert_eq!(report.note.as_deref(), Some("x y"));
            assert_eq!(std::fs::read_dir(system.tmp()).unwrap().count(), 0, "the agent is removed");
        }
    }
    assert_eq!(server.posted().len(), 6);
}

#[test]
fn the_token_may_come_from_the_environment_and_never_stands_in_arguments() {
    let seen = "#!/bin/sh\nprintf '%s|' \"$API_TOKEN\" \"$@\"\n";
    let server = serving_script(seen);
    for shell in SHELLS {
        let system = System::new(shell, &[("curl", "curl")]);
        let arguments = ["--short", "--server", &format!("{}/api/benchmark/", server.url())];
        let mut command = system.command(&arguments);
        command.env("API_TOKEN", TOKEN);
        let output = run(command, &template());
        let expected = format!("{TOKEN}|run|--server|{}|--short|", server.url());
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{}", said(&output));
    }
}

#[test]
fn the_agents_exit_code_is_the_scripts() {
    for code in [0, 1, 3] {
        let server = serving_script(&format!("#!/bin/sh\nexit {code}\n"));
        let system = System::new(SHELLS[0], &[("curl", "curl")]);
        let output = system.run(&rendered(&server.url(), &target()), &["--token", "t"]);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    }
}

#[test]
fn an_agent_that_breaks_off_is_told_in_both_languages() {
    let server = serving_script("#!/bin/sh\nkill -ABRT $$\n");
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    for (locale, sentence) in [("C", "the agent broke off (exit code 134)"), ("fr_FR", "code 134")] {
        let mut command = system.command(&["--token", "t"]);
        command.env("LC_ALL", locale).env("RUST_BACKTRACE", "1");
        let output = run(command, &rendered(&server.url(), &target()));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(sentence), "{}", said(&output));
    }
}

#[test]
fn the_agent_is_not_asked_to_trace_its_stack() {
    let server = serving_script("#!/bin/sh\necho \"${RUST_BACKTRACE-none} ${RUST_LIB_BACKTRACE-none}\"\n");
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    let mut command = system.command(&["--token", "t"]);
    command.env("RUST_BACKTRACE", "1").env("RUST_LIB_BACKTRACE", "1");
    let output = run(command, &rendered(&server.url(), &target()));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "none none\n", "{}", said(&output));
}

#[test]
fn a_wrong_token_is_told_before_anything_is_measured() {
    let server = serving_the_agent();
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    let output = system.run(&rendered(&server.url(), &target()), &["--token", "wrong", "--short"]);
    fails_with(&system, &output, "does not accept this token");
    assert_eq!(server.posted().len(), 0);
}

#[test]
fn without_a_downloader_it_says_which_would_do() {
    // A busybox shell has a downloader in itself.
    let system = System::new(SHELLS[0], &[]);
    let output = system.run(&rendered("http://127.0.0.1:1", &target()), &["--token", "t"]);
    fails_with(&system, &output, "neither curl nor wget");
}

#[test]
fn without_an_agent_for_the_architecture_it_says_which_there_are() {
    for shell in SHELLS {
        let system = System::new(shell, &[("curl", "curl")]);
        let output = system.run(&rendered("http://127.0.0.1:1", "m68k-unknown-linux-gnu"), &["--token", "t"]);
        fails_with(&system, &output, "there are: m68k-unknown-linux-gnu");
    }
    // A server whose list is not known is asked, as is one whose list has changed.
    for (answer, expected) in [
        (Answer::bytes(rendered("http://bench.lan", "m68k-x sh4-x")), "there are: m68k-x sh4-x"),
        (Answer::bytes(template()), "there are: none"),
        (Answer::bytes("TARGETS='\u{1b}[31m'\n"), "there are: unknown"),
        (Answer::html(), "there are: unknown"),
        (Answer::problem(404, "not_found"), "there are: unknown"),
    ] {
        let server = Server::start(move |request| match request.path.as_str() {
            "/bench.sh" => answer.clone(),
            _ => Answer::problem(404, "not_found"),
        });
        for downloader in [("curl", "curl"), ("wget", "wget"), ("wget", "busybox")] {
            let system = System::new(SHELLS[1], &[downloader]);
            let output = system.run(&template(), &["--token", "t", "--server", &server.url()]);
            fails_with(&system, &output, expected);
            let output = system.run(&rendered(&server.url(), &target()), &["--token", "t"]);
            fails_with(&system, &output, expected);
        }
    }
}

#[test]
fn a_damaged_agent_is_not_run() {
    let server = serving(b"#!/bin/sh\necho ran\n".to_vec(), checksum(b"something else"));
    for shell in SHELLS {
        let system = System::new(shell, &[("wget", "wget")]);
        let output = system.run(&rendered(&server.url(), &target()), &["--token", "t"]);
        fails_with(&system, &output, "damaged");
    }
}

#[test]
fn a_login_page_is_no_agent() {
    let server = Server::start(|_| Answer::html());
    let system = System::new(SHELLS[1], &[("curl", "curl")]);
    let output = system.run(&rendered(&server.url(), &target()), &["--token", "t"]);
    fails_with(&system, &output, "login page");
}

#[test]
fn a_server_that_is_away_is_named() {
    let away = dead_server();
    for (shell, downloader) in [(0, ("curl", "curl")), (1, ("wget", "wget")), (1, ("wget", "busybox"))] {
        let system = System::new(SHELLS[shell], &[downloader]);
        let output = system.run(&rendered(&away, &target()), &["--token", "t"]);
        fails_with(&system, &output, &away);
    }
}

#[test]
fn what_waits_is_sent_without_a_measurement() {
    let seen = "#!/bin/sh\nprintf '%s|' \"$@\"\n";
    let server = serving_script(seen);
    let system = System::new(SHELLS[1], &[("curl", "curl")]);
    let output = system.run(&rendered(&server.url(), &target()), &["--send", "--token", "t", "--all"]);
    let expected = format!("send|--server|{}|--all|", server.url());
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{}", said(&output));
    // The same with the agent itself, for a report that waits for another address.
    let server = serving_the_agent();
    assert_eq!(system.machine.report_to(&dead_server()).status.code(), Some(1));
    let script = rendered(&server.url(), &target());
    let output = system.run(&script, &["--token", TOKEN, "--send"]);
    assert_eq!((output.status.code(), server.posted().len()), (Some(1), 0), "{}", said(&output));
    assert!(said(&output).contains("(bench.sh --send --all)"), "{}", said(&output));
    let output = system.run(&script, &["--token", TOKEN, "--send", "--all"]);
    assert_eq!((output.status.code(), server.posted().len()), (Some(0), 1), "{}", said(&output));
}

#[test]
fn a_download_that_was_cut_runs_nothing() {
    let script = rendered("http://127.0.0.1:1", &target());
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    let last_line = script.trim_end().rfind('\n').unwrap() + 1;
    for cut in [script.len() / 3, script.len() / 2, last_line, last_line + 6, last_line + 11, last_line + 12]
    {
        let output = system.run(&script[..cut], &["--token", "t"]);
        assert!(output.stdout.is_empty(), "{cut}: {}", said(&output));
        assert!(!said(&output).contains("bench.sh: "), "{cut}: {}", said(&output));
    }
}

#[test]
fn a_signal_ends_the_agent_and_removes_it() {
    // The stand-in says that it runs, then waits for a signal as a long measurement would.
    let server = serving_script("#!/bin/sh\necho started $$\nexec sleep 1000\n");
    for shell in SHELLS {
        let system = System::new(shell, &[("curl", "curl")]);
        let mut child = system.command(&["--token", "t"]).spawn().unwrap();
        child.stdin.take().unwrap().write_all(rendered(&server.url(), &target()).as_bytes()).unwrap();
        let mut line = String::new();
        let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut output, &mut line).unwrap();
        let agent: i32 = line.trim().strip_prefix("started ").unwrap().parse().unwrap();
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(143), "{shell:?}");
        // Its end of the pipe closes when the agent is gone.
        std::io::Read::read_to_string(&mut output, &mut line).unwrap();
        assert!(!Path::new(&format!("/proc/{agent}")).exists());
        assert_eq!(std::fs::read_dir(system.tmp()).unwrap().count(), 0);
    }
}
