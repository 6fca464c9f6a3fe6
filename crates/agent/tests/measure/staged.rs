//! Verdicts that a machine can be made to earn, each with the real agent on a machine that is made so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use report::Component;
use report::measurement::Verdict;
use report::verdict::ReasonCode;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::agent::{Burners, Stage, dry_run, has_ended, is_empty, judged, measuring_child, missing, reasons};
use crate::child::{self, measure, measure_by, program, said};

/// A plan for the disk's process: a small file, and little time.
fn disk_plan(folder: &Path) -> serde_json::Value {
    json!({
        "preset": "short", "budget": {"secs": 0, "nanos": 400_000_000}, "disk_paths": [folder],
        "disk": {"file_bytes": 16 << 20},
    })
}

#[test]
fn others_at_work_make_a_figure_suspect() {
    let folder = tempfile::tempdir().unwrap();
    let burners = Burners::start();
    let output = dry_run(Command::new(program()), folder.path(), &[Component::Disk]).output().unwrap();
    drop(burners);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (report, judgement) = judged(&output);
    assert!(reasons(&judgement, Component::Disk).contains(&ReasonCode::Busy), "{judgement:?}");
    assert_eq!(judgement.verdict, Verdict::Suspect);
    let environment = report.environment.unwrap();
    let watch = &environment.components.unwrap()[&Component::Disk];
    assert_eq!(watch.gate_timed_out, Some(true));
    assert!(watch.background_percent.unwrap().get() > 10.0, "{watch:?}");
    assert!(environment.before.unwrap().load_1m.is_some() && environment.bytes_written.unwrap().get() > 0);
    // The agent's own verdicts are those of the server.
    let sent = report.measurements.iter().map(|measurement| measurement.verdict.unwrap());
    assert!(sent.eq(judgement.measurements.iter().map(|judged| judged.verdict)));
}

#[test]
fn a_busy_machine_is_left_alone_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let burners = Burners::start();
    let mut command = dry_run(Command::new(program()), folder.path(), &[Component::Cpu, Component::Disk]);
    let output = command.arg("--if-idle").output().unwrap();
    drop(burners);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(output.stdout.is_empty(), "nothing is measured, nothing is said");
    assert!(String::from_utf8_lossy(&output.stderr).contains("busy"), "{output:?}");
}

#[test]
fn a_file_system_in_memory_is_no_drive() {
    let folder = tempfile::tempdir().unwrap();
    let lines = match Stage::new() {
        Some(mut stage) => {
            stage.mount("tmpfs", folder.path());
            measure_by(stage.agent(), "disk", &disk_plan(folder.path()))
        }
        // Without name spaces: the one that every system has.
        None => measure("disk", &disk_plan(tempfile::tempdir_in("/dev/shm").unwrap().path())),
    };
    let judgement = child::judged(&lines);
    assert!(reasons(&judgement, Component::Disk).contains(&ReasonCode::Tmpfs), "{lines:?}");
    assert_eq!(judgement.components[&Component::Disk].verdict, Verdict::Invalid);
    assert!(!judgement.components[&Component::Disk].scored);
    assert!(is_empty(folder.path()));
}

#[test]
fn a_file_system_that_refuses_direct_access_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut stage) = Stage::new() else {
        // Nothing to mount with: what direct access the folder does give must be told all the same.
        let lines = measure("disk", &disk_plan(folder.path()));
        let told = said(&lines, "measurement").iter().all(|one| one["params"]["direct"].is_boolean());
        return assert!(told, "{lines:?}");
    };
    stage.mount("ramfs", folder.path());
    for without_io_uring in [false, true] {
        let mut plan = disk_plan(folder.path());
        plan["disk"]["without_io_uring"] = without_io_uring.into();
        let lines = measure_by(stage.agent(), "disk", &plan);
        let seen = reasons(&child::judged(&lines), Component::Disk);
        assert!(seen.contains(&ReasonCode::DirectIoRefused), "{seen:?} {lines:?}");
        assert!(said(&lines, "measurement").len() >= 7, "{lines:?}");
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for without_io_uring in [false, true] {
        let mut plan = disk_plan(folder.path());
        plan["disk"]["without_io_uring"] = without_io_uring.into();
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -f 100; exec \"$0\" \"$@\""]).arg(program());
        let lines = measure_by(limited, "disk", &plan);
        let failed = said(&lines, "failed");
        assert_eq!(failed.first().map(|one| &one["reason"]), Some(&"no_space".into()), "{lines:?}");
        assert!(failed[0]["advice"].as_str().unwrap().contains("ulimit -f"), "{lines:?}");
        assert!(is_empty(folder.path()));
    }
}

#[test]
fn without_time_there_are_few_samples() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = disk_plan(folder.path());
    plan["budget"] = json!({"secs": 0, "nanos": 1});
    plan["only"] = "disk.read_mb_s".into();
    let judgement = child::judged(&measure("disk", &plan));
    assert!(reasons(&judgement, Component::Disk).contains(&ReasonCode::FewSamples), "{judgement:?}");
}

#[test]
fn little_memory_makes_a_figure_of_the_cache() {
    let Some(mut stage) = Stage::new() else {
        let plan = json!({"preset": "short", "budget": {"secs": 0, "nanos": 1}, "only": "memory.latency_ns"});
        let lines = measure("memory", &plan);
        let params = &child::measurement(&lines, "memory.latency_ns")["params"];
        return assert!(params["array_bytes"].as_u64() > Some(0), "{params}");
    };
    stage.cover("/proc/meminfo", "MemTotal: 65536 kB\nMemFree: 1024 kB\nMemAvailable: 1024 kB\n");
    let plan =
        json!({"preset": "short", "budget": {"secs": 0, "nanos": 300_000_000}, "only": "memory.latency_ns"});
    let lines = measure_by(stage.agent(), "memory", &plan);
    let params = &child::measurement(&lines, "memory.latency_ns")["params"];
    assert!(params["array_bytes"].as_u64() <= Some(256 << 10), "{params}");
    // A machine that does not show its caches leaves no evidence.
    if params["last_level_cache_bytes"].is_u64() {
        let seen = reasons(&child::judged(&lines), Component::Memory);
        assert!(seen.contains(&ReasonCode::CacheSized), "{seen:?}");
    }
}

#[test]
fn on_battery_a_figure_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let supplies = "/sys/class/power_supply";
    let stage = Stage::new().filter(|_| Path::new(supplies).is_dir());
    let Some(mut stage) = stage else {
        let output = dry_run(Command::new(program()), folder.path(), &[Component::Disk]).output().unwrap();
        let (report, _) = judged(&output);
        let components = report.environment.unwrap().components.unwrap();
        return assert!(components[&Component::Disk].cpus_online_last.is_some());
    };
    stage.cover_folder(
        supplies,
        &[
            ("BAT0/type", "Battery\n"),
            ("BAT0/status", "Discharging\n"),
            ("AC/type", "Mains\n"),
            ("AC/online", "0\n"),
        ],
    );
    let output = dry_run(stage.agent(), folder.path(), &[Component::Disk]).output().unwrap();
    let (report, judgement) = judged(&output);
    assert!(reasons(&judgement, Component::Disk).contains(&ReasonCode::OnBattery), "{judgement:?}");
    let environment = report.environment.unwrap();
    assert_eq!(environment.before.unwrap().power_source.as_deref(), Some("battery"));
    assert_eq!(environment.during.unwrap().power_source.as_deref(), Some("battery"));
}

/// A control group of its own that allows half a processor; removed with the test.
struct HalfAProcessor(PathBuf);

impl HalfAProcessor {
    fn new() -> Option<Self> {
        let name = format!("benchtools-test-{}", std::process::id());
        let first = Path::new("/sys/fs/cgroup/cpu").join(&name);
        let second = Path::new("/sys/fs/cgroup").join(&name);
        let (group, file, limit) = if first.parent().is_some_and(|mount| mount.join("cpu.shares").exists()) {
            (first, "cpu.cfs_quota_us", "50000")
        } else {
            (second, "cpu.max", "50000 100000")
        };
        fs::create_dir(&group).ok()?;
        let group = Self(group);
        fs::write(group.0.join(file), limit).ok()?;
        Some(group)
    }

    /// The agent in the group: the shell enters it, and becomes the agent.
    fn agent(&self) -> Command {
        let mut command = Command::new("sh");
        let enter = format!("echo $$ > '{}/cgroup.procs' && exec \"$0\" \"$@\"", self.0.display());
        command.args(["-c", &enter]).arg(program());
        command
    }
}

impl Drop for HalfAProcessor {
    fn drop(&mut self) {
        // A process that has just ended may still be on its way out of the group.
        let _ = (0..100).find(|_| {
            let removed = fs::remove_dir(&self.0).is_ok();
            std::thread::sleep(std::time::Duration::from_millis(if removed { 0 } else { 10 }));
            removed
        });
    }
}

/// Such a limit where no group can be made: only shown.
fn half_a_processor_shown() -> Option<Stage> {
    let mut stage = Stage::new().filter(|_| Path::new("/sys/fs/cgroup").is_dir())?;
    let files = [
        ("cpu.max", "50000 100000\n"),
        ("cpu/cpu.cfs_quota_us", "50000\n"),
        ("cpu/cpu.cfs_period_us", "100000\n"),
    ];
    stage.cover_folder("/sys/fs/cgroup", &files);
    Some(stage)
}

#[test]
fn a_limit_of_processor_time_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (group, stage) = (HalfAProcessor::new(), half_a_processor_shown());
    let agents = [group.as_ref().map(HalfAProcessor::agent), stage.as_ref().map(Stage::agent)];
    if agents.iter().all(Option::is_none) {
        eprintln!("not tested: no control group and no name space of mounts here");
    }
    for agent in agents.into_iter().flatten() {
        let output = dry_run(agent, folder.path(), &[Component::Disk]).output().unwrap();
        let (report, judgement) = judged(&output);
        let components = report.environment.unwrap().components.unwrap();
        let quota = components[&Component::Disk].cpu_quota.map(report::number::Quantity::get);
        assert_eq!(quota, Some(0.5));
        let seen = reasons(&judgement, Component::Disk);
        assert!(seen.contains(&ReasonCode::CpuQuota), "{seen:?}");
    }
}

/// Lets the agent measure the disk, and sends its measuring process a signal.
fn disturbed(signal: Signal) -> (std::process::Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let agent = dry_run(Command::new(program()), folder.path(), &[Component::Disk]).spawn().unwrap();
    let child = measuring_child(&agent, Component::Disk);
    kill_process(Pid::from_raw(child).unwrap(), signal).unwrap();
    (agent.wait_with_output().unwrap(), folder)
}

#[test]
fn a_test_that_crashes_costs_its_component_and_leaves_nothing() {
    for signal in [Signal::ABORT, Signal::KILL] {
        let (output, folder) = disturbed(signal);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let (report, judgement) = judged(&output);
        assert_eq!(missing(&report, "results.disk"), Some("crashed"));
        assert!(reasons(&judgement, Component::Disk).contains(&ReasonCode::Crashed));
        assert_eq!(judgement.verdict, Verdict::Invalid);
        assert!(report.hardware.cpu.is_some(), "the inventory is there all the same");
        assert!(String::from_utf8_lossy(&output.stderr).contains("signal"), "{output:?}");
        assert!(is_empty(folder.path()));
    }
}

#[test]
fn an_agent_that_is_stopped_leaves_neither_file_nor_process() {
    for signal in [Signal::INT, Signal::KILL] {
        let folder = tempfile::tempdir().unwrap();
        let mut agent = dry_run(Command::new(program()), folder.path(), &[Component::Disk]).spawn().unwrap();
        let child = measuring_child(&agent, Component::Disk);
        kill_process(Pid::from_child(&agent), signal).unwrap();
        agent.wait().unwrap();
        assert!(is_empty(folder.path()));
        assert!(has_ended(child, Component::Disk), "{signal:?}");
    }
}

#[test]
fn a_test_that_hangs_is_ended_at_its_limit() {
    let (output, folder) = disturbed(Signal::STOP);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let (report, judgement) = judged(&output);
    assert_eq!(missing(&report, "results.disk"), Some("timed_out"));
    assert!(reasons(&judgement, Component::Disk).contains(&ReasonCode::TimedOut));
    assert!(is_empty(folder.path()));
}

#[test]
fn without_a_server_the_network_is_missing_and_nothing_failed() {
    let folder = tempfile::tempdir().unwrap();
    let output = dry_run(Command::new(program()), folder.path(), &[Component::Network]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (report, judgement) = judged(&output);
    assert_eq!(missing(&report, "results.network"), Some("no_server"));
    assert_eq!(missing(&report, "results.cpu"), Some("skipped"));
    assert_eq!(judgement.verdict, Verdict::Valid, "nothing was measured, and nothing speaks against it");
}
