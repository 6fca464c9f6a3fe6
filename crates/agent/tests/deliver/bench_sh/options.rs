//! The command line of bench.sh.

use super::*;

#[test]
fn an_option_does_not_swallow_the_next_one() {
    let system = System::new(SHELLS[0], &[("curl", "curl")]);
    let script = rendered("http://127.0.0.1:1", &target());
    for option in
        ["--token", "--server", "--device", "--iperf-server", "--disk-path", "--label", "--note", "--ca-file"]
    {
        let output = system.run(&script, &["--token", "t", option, "--inventory"]);
        fails_with(&system, &output, &format!("{option} needs a value"));
        let output = system.run(&script, &["--token", "t", option, "--inventory=x"]);
        fails_with(&system, &output, &format!("{option} needs a value"));
    }
    let server = serving_script("#!/bin/sh\nprintf '%s|' \"$@\"\n");
    let arguments = ["--token=--t", "--device=--x", "--note", "-5 degrees", "--label="];
    let output = system.run(&rendered(&server.url(), &target()), &arguments);
    let expected = format!("run|--server|{}|--device=--x|--note=-5 degrees|--label=|", server.url());
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{}", said(&output));
}

#[test]
fn a_mistaken_command_line_is_told_in_both_languages() {
    for shell in SHELLS {
        let system = System::new(shell, &[("curl", "curl")]);
        let script = rendered("http://127.0.0.1:1", &target());
        for (arguments, english, french) in [
            (&["--tokne", "t"][..], "unknown option --tokne", "option inconnue --tokne"),
            (&["--token"][..], "--token needs a value", "--token attend une valeur"),
            (&["--short"][..], "no token given", "aucun jeton"),
            (&["--token", "t", "--short", "--thorough"][..], "exclude each other", "s’excluent"),
            (&["--token", "t", "--ca-file", "/none"][..], "--ca-file /none cannot be read", "illisible"),
            (
                &["--token", "t", "--server", "ftp://s"][..],
                "no http or https address",
                "n’est pas une adresse",
            ),
        ] {
            fails_with(&system, &system.run(&script, arguments), english);
            let mut command = system.command(arguments);
            command.env("LANG", "fr_FR.UTF-8");
            fails_with(&system, &run(command, &script), french);
        }
        let output = system.run(&template(), &["--token", "t"]);
        fails_with(&system, &output, "no server given");
    }
}

#[test]
fn help_names_every_option_in_both_languages() {
    let system = System::new(SHELLS[0], &[]);
    for language in ["C", "fr_FR.UTF-8"] {
        let mut command = system.command(&["--help"]);
        command.env("LC_ALL", language);
        let output = run(command, &template());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        for option in [
            "--token",
            "--server",
            "--device",
            "--iperf-server",
            "--skip-cpu",
            "--skip-memory",
            "--skip-disk",
            "--skip-network",
            "--skip-gpu",
            "--short",
            "--thorough",
            "--inventory",
            "--if-idle",
            "--disk-path",
            "--full-network",
            "--include-serials",
            "--label",
            "--note",
            "--ca-file",
            "--dry-run",
            "--send",
            "--all",
            "--retry-set-aside",
            "--help",
        ] {
            assert!(text.contains(option), "{language}: {option}");
        }
    }
}
