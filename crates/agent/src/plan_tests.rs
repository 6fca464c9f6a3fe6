//! Tests of what a command line comes to.

use clap::Parser as _;

use super::*;
use crate::cli::{Cli, Command};

fn plan(line: &str, token: Option<&str>) -> Result<Plan, PlanError> {
    let words = ["benchtools", "run"].into_iter().chain(line.split_whitespace());
    let Command::Run(args) = Cli::try_parse_from(words).unwrap().command else { panic!("not run") };
    Plan::new(*args, token.map(str::to_owned))
}

fn problem(line: &str, token: Option<&str>) -> String {
    plan(line, token).unwrap_err().to_string()
}

#[test]
fn everything_is_measured_unless_it_is_skipped() {
    let all = plan("--server http://s", Some("t")).unwrap();
    assert_eq!(all.preset, Preset::Normal);
    assert_eq!(all.components, [Component::Cpu, Component::Memory, Component::Disk, Component::Network]);
    let some = plan("--server http://s --skip-cpu --skip-network --skip-gpu --short", Some("t")).unwrap();
    assert_eq!((some.preset, some.components), (Preset::Short, vec![Component::Memory, Component::Disk]));
    assert_eq!(plan("--server http://s --inventory", Some("t")).unwrap().components, []);
}

#[test]
fn a_server_and_a_token_are_needed_to_send_but_not_for_a_dry_run() {
    assert!(problem("", Some("t")).contains("--server"));
    assert!(problem("--server http://s", None).contains("API_TOKEN"));
    assert!(problem("--server http://s", Some(" ")).contains("API_TOKEN"));
    assert!(problem("--server http://s", Some("a b")).contains("API_TOKEN"));
    assert!(plan("--dry-run", None).unwrap().access.is_none());
    assert!(plan("--dry-run --server http://s", Some("t")).unwrap().access.is_some());
    assert!(plan("--dry-run --server http://s", None).unwrap().access.is_none());
}

#[test]
fn arguments_that_cannot_be_are_refused_by_name() {
    let with = |option: &str| problem(&format!("--dry-run {option}"), None);
    assert!(with(&format!("--device {}", "x".repeat(256))).starts_with("--device: 256 characters"));
    assert!(with(&format!("--label {}", "x".repeat(256))).starts_with("--label"));
    assert!(with(&format!("--note {}", "x".repeat(20_001))).starts_with("--note"));
    assert!(with("--iperf-server=-x").starts_with("--iperf-server"));
    assert!(with("--disk-path /dev/null").contains("not a folder"));
    assert!(with("--disk-path /nonexistent").contains("/nonexistent"));
    assert!(with(&"--disk-path / ".repeat(9)).contains("9 folders"));
    assert_eq!(problem("--server ftp://s", Some("t")).split(':').next(), Some("--server"));
}

#[test]
fn presets_exclude_each_other() {
    assert!(Cli::try_parse_from(["benchtools", "run", "--short", "--thorough"]).is_err());
}

#[test]
fn a_folder_named_twice_is_measured_once() {
    assert_eq!(plan("--dry-run --disk-path / --disk-path /.", None).unwrap().disk_paths, [Path::new("/")]);
}

#[test]
fn paths_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let name = OsStr::from_bytes(b"no-text-\xff");
    let here = tempfile::tempdir().unwrap();
    let folder = here.path().join(name);
    std::fs::create_dir(&folder).unwrap();
    let refused = disk_paths(std::slice::from_ref(&folder)).unwrap_err().to_string();
    assert!(refused.starts_with("--disk-path") && refused.contains("UTF-8"), "{refused}");
    let refused = Access::new("http://s", "t", Some(&folder)).unwrap_err().to_string();
    assert!(refused.starts_with("--ca-file") && refused.contains("UTF-8"), "{refused}");
}
