//! Where bench.sh puts the agent: a folder with room in which programs may run.

use super::*;

/// Runs bench.sh after `mounts`, in a namespace that only this process sees; `None` where there are none.
fn among_mounts(system: &System, mounts: &str, server: &str) -> Option<Output> {
    let script = format!(
        r#"mount --bind "$BIN" /mnt || exit 77
        {mounts}
        PATH=/mnt "$@"; code=$?
        find /tmp /var/tmp /dev/shm -name 'benchtools.*'
        exit $code"#
    );
    let plain = system.command(&["--token", "t"]);
    let namespace = if rustix::process::geteuid().is_root() { "-m" } else { "-rm" };
    let mut command = Command::new(which("unshare"));
    command.args([namespace, "sh", "-c", &script, "sh"]).arg(plain.get_program()).args(plain.get_args());
    command.env("BIN", system.machine.folder.path().join("bin")).env("TMPDIR", system.tmp());
    command.env("HOME", "/nonexistent").env_remove("XDG_RUNTIME_DIR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = run(command, &rendered(server, &target()));
    if said(&output).contains("permitted") {
        eprintln!("not tested: no mount namespace here: {}", said(&output));
        return None;
    }
    Some(output)
}

#[test]
fn where_no_program_may_run_it_says_so() {
    let mounts = r#"for folder in "$TMPDIR" /tmp /var/tmp /dev/shm; do
            mount -t tmpfs -o noexec none "$folder" || exit 77
        done"#;
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    let Some(output) = among_mounts(&system, mounts, "http://127.0.0.1:1") else { return };
    fails_with(&system, &output, "no folder found where programs may run");
}

#[test]
fn where_a_folder_has_no_room_the_next_one_is_tried() {
    // A stand-in of 2 MiB.
    let stand_in = format!("#!/bin/sh\necho \"ran in ${{0%/*}}\"\nexit 0\n{}", " ".repeat(2 << 20));
    let server = serving_script(&stand_in);
    let small = r#"for folder in /tmp /dev/shm; do mount -t tmpfs -o size=1m none $folder || exit 77; done
        mount -t tmpfs -o size=VAR none /var/tmp || exit 77"#;
    for (shell, downloader) in [(0, ("curl", "curl")), (1, ("wget", "wget")), (1, ("wget", "busybox"))] {
        let system = System::new(SHELLS[shell], &[downloader]);
        let Some(output) = among_mounts(&system, &small.replace("VAR", "9m"), &server.url()) else { return };
        assert_eq!(output.status.code(), Some(0), "{downloader:?} {}", said(&output));
        let words = String::from_utf8_lossy(&output.stdout);
        assert!(words.starts_with("ran in /var/tmp/benchtools."), "{downloader:?} {}", said(&output));
        assert_eq!(words.lines().count(), 1, "something was left: {}", said(&output));
        let Some(output) = among_mounts(&system, &small.replace("VAR", "1m"), &server.url()) else { return };
        fails_with(&system, &output, "there is no room for the agent in /tmp /var/tmp /dev/shm: set TMPDIR");
        assert!(output.stdout.is_empty(), "something was left: {}", said(&output));
    }
}

#[test]
fn a_folder_that_is_full_to_the_brim_has_no_room() {
    let mounts = r#"for folder in /tmp /var/tmp /dev/shm; do
            mount -t tmpfs -o size=64k none $folder || exit 77
            cat /dev/zero >$folder/filler 2>/dev/null
        done"#;
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    let Some(output) = among_mounts(&system, mounts, "http://127.0.0.1:1") else { return };
    fails_with(&system, &output, "there is no room for the agent in /tmp /var/tmp /dev/shm: set TMPDIR");
}
