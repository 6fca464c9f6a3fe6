//! Every reason, staged by its evidence.

use report::verdict::{Grade, Judgement, ReasonCode, Verdict, judge};
use report::{Component, DeviceKind, hardware_model, kind, model_label};
use serde_json::{Value, json};

use crate::with;

fn judged(fields: Value) -> Judgement {
    judge(&with(fields))
}

fn codes(judgement: &Judgement) -> Vec<&'static str> {
    let all = judgement.measurements.iter().flat_map(|judged| &judged.reasons);
    let mut codes: Vec<_> = all.map(|reason| reason.code.as_str()).collect();
    codes.dedup();
    codes
}

/// The reasons for one CPU figure under these conditions.
fn watched(watch: Value) -> Vec<&'static str> {
    watched_for("cpu", watch)
}

fn watched_for(component: &str, watch: Value) -> Vec<&'static str> {
    let metric = format!("{component}.something");
    codes(&judged(json!({
        "environment": {"components": {component: watch}},
        "measurements": [{"metric": metric, "value": 10}],
    })))
}

/// The reasons for one figure that was measured so.
fn run_with(metric: &str, params: Value) -> Vec<&'static str> {
    codes(&judged(json!({"measurements": [{"metric": metric, "value": 10, "params": params}]})))
}

const NONE: [&str; 0] = [];

#[test]
fn codes_are_unique_and_come_with_advice() {
    for (index, code) in ReasonCode::ALL.iter().enumerate() {
        assert_eq!(ReasonCode::from_code(code.as_str()), Some(*code));
        assert!(code.advice().ends_with('.'), "{code}");
        assert!(
            ReasonCode::ALL[..index].iter().all(|other| other.grade() <= code.grade()),
            "sorted by grade"
        );
    }
    assert_eq!(ReasonCode::from_code("nonsense"), None);
}

#[test]
fn without_evidence_a_figure_is_valid() {
    let judgement = judged(json!({"measurements": [{"metric": "cpu.a", "value": 1}]}));
    assert_eq!(judgement.verdict, Verdict::Valid);
    assert_eq!(codes(&judgement), NONE);
    assert_eq!(judged(json!({"results": {"cpu": {"score": 1}}})).verdict, Verdict::Valid);
}

#[test]
fn other_programs() {
    assert_eq!(watched(json!({"background_percent": 1.9})), NONE);
    assert_eq!(watched(json!({"background_percent": 2.0})), ["background_tasks"]);
    assert_eq!(watched(json!({"background_percent": 9.9})), ["background_tasks"]);
    assert_eq!(watched(json!({"background_percent": 10})), ["busy"]);
    assert_eq!(watched(json!({"gate_timed_out": true})), ["busy"]);
    let scrub = judged(json!({
        "environment": {"before": {"psi_io": 12}},
        "measurements": [{"metric": "disk.a", "value": 1}, {"metric": "cpu.a", "value": 1}],
    }));
    assert_eq!(scrub.measurements[0].verdict, Verdict::Suspect);
    assert_eq!(scrub.measurements[1].verdict, Verdict::Valid);
}

#[test]
fn the_server_at_work_on_the_same_machine_is_no_other_program() {
    let run = |watch: Value| {
        let metric = json!({"metric": "network.a", "value": 1, "params": {"same_host": true}});
        let environment = json!({"components": {"network": watch}});
        codes(&judged(json!({"environment": environment, "measurements": [metric]})))
    };
    assert_eq!(run(json!({"background_percent": 50})), ["same_host"]);
    // What was at work before the test began was not the server's part in it.
    assert_eq!(run(json!({"background_percent": 50, "gate_timed_out": true})), ["busy", "same_host"]);
}

#[test]
fn throttling() {
    assert_eq!(watched(json!({"freq_first_mhz": 4000, "freq_last_mhz": 3690})), NONE);
    assert_eq!(watched(json!({"freq_first_mhz": 4000, "freq_last_mhz": 3680})), ["throttled"]);
    assert_eq!(watched(json!({"throttle_events": 1})), ["throttled"]);
    assert_eq!(watched(json!({"under_voltage": true})), ["under_voltage"]);
    let idle = json!({"freq_first_mhz": 4000, "freq_last_mhz": 800});
    assert_eq!(watched_for("network", idle), NONE, "waiting, a processor slows down by right");
}

#[test]
fn the_hypervisor() {
    assert_eq!(watched(json!({"steal_percent": 0})), NONE);
    assert_eq!(watched(json!({"steal_percent": 0.99})), ["steal_minor"]);
    assert_eq!(watched(json!({"steal_percent": 1})), ["steal"]);
    assert_eq!(watched(json!({"cpu_quota": 2, "cpus_online_first": 2})), NONE);
    assert_eq!(watched(json!({"cpu_quota": 1.5, "cpus_online_first": 2})), ["cpu_quota"]);
    let single = json!({
        "environment": {"components": {"cpu": {"cpu_quota": 1.5, "cpus_online_first": 8}}},
        "measurements": [{"metric": "cpu.a", "value": 1, "params": {"threads": 1}}],
    });
    assert_eq!(judged(single).verdict, Verdict::Valid, "one thread has all it wants");
}

#[test]
fn the_state_of_the_machine() {
    assert_eq!(watched(json!({"swapped_pages": 255})), NONE);
    assert_eq!(watched(json!({"swapped_pages": 256})), ["swapped"]);
    assert_eq!(watched(json!({"power_source": "battery"})), ["on_battery"]);
    assert_eq!(watched(json!({"power_source": "mains"})), NONE);
    assert_eq!(watched(json!({"clock_moved_ms": -300})), NONE, "disciplined by NTP");
    assert_eq!(watched(json!({"clock_moved_ms": -501})), ["clock_moved"]);
    assert_eq!(watched(json!({"cpus_online_first": 8, "cpus_online_last": 7})), ["core_lost"]);
}

#[test]
fn powersave_is_a_matter_of_the_driver() {
    let governed = |driver: &str| watched(json!({"governor": "powersave", "governor_driver": driver}));
    for driver in ["intel_pstate", "amd-pstate-epp", "amd_pstate_epp"] {
        assert_eq!(governed(driver), ["governor_powersave"], "{driver}");
    }
    for driver in ["acpi-cpufreq", "intel_cpufreq", "amd-pstate", "cpufreq-dt"] {
        assert_eq!(governed(driver), ["powersave"], "{driver}");
    }
    assert_eq!(watched(json!({"governor": "powersave"})), ["governor_powersave"]);
    assert_eq!(watched(json!({"governor": "performance"})), NONE);
}

#[test]
fn samples() {
    let of =
        |n: usize| judged(json!({"measurements": [{"metric": "cpu.a", "value": 1, "samples": vec![1; n]}]}));
    assert_eq!(codes(&of(5)), ["few_samples"]);
    assert_eq!(codes(&of(6)), NONE);
    assert_eq!(codes(&of(0)), NONE);
    let wide = |metric: &str, half: f64| {
        codes(&judged(
            json!({"measurements": [{"metric": metric, "value": 100, "ci_low": 100.0 - half, "ci_high": 100.0 + half}]}),
        ))
    };
    assert_eq!(wide("cpu.a", 10.0), NONE);
    assert_eq!(wide("cpu.a", 10.5), ["noisy"]);
    assert_eq!(wide("disk.a", 25.0), NONE);
    assert_eq!(wide("disk.a", 25.5), ["noisy"]);
}

#[test]
fn how_it_was_run() {
    let cached =
        |array: u64| run_with("memory.a", json!({"array_bytes": array, "last_level_cache_bytes": 1000}));
    assert_eq!(cached(4000), NONE);
    assert_eq!(cached(3999), ["cache_sized"]);
    let disk = |params: Value| run_with("disk.a", params);
    assert_eq!(disk(json!({"fs_type": "tmpfs"})), ["tmpfs"]);
    assert_eq!(disk(json!({"fs_type": "overlay"})), ["overlay"]);
    assert_eq!(disk(json!({"fs_type": "nfs4"})), ["network_filesystem"]);
    assert_eq!(disk(json!({"fs_type": "ext4", "direct": true})), NONE);
    assert_eq!(disk(json!({"direct": false})), ["direct_io_refused"]);
    assert_eq!(disk(json!({"cached_reads": true})), ["cached_reads"]);
    assert_eq!(
        disk(json!({"compressed": true, "encrypted": true, "space_short": true})),
        ["compressed", "encrypted", "space_short"]
    );
    assert_eq!(run_with("network.a", json!({"same_host": true})), ["same_host"]);
    assert_eq!(run_with("network.a", json!({"server_busy": true})), ["server_busy"]);
    assert_eq!(run_with("gpu.a", json!({"software_rasteriser": "llvmpipe"})), ["software_rasteriser"]);
    assert_eq!(run_with("cpu.a", json!({"output_correct": false})), ["wrong_result"]);
}

#[test]
fn what_only_the_agent_knows_is_taken_over() {
    for code in ["timed_out", "crashed", "server_busy"] {
        let claimed = json!([{"code": code, "evidence": "after 5 s"}]);
        let judgement = judged(
            json!({"measurements": [{"metric": "cpu.a", "value": 1, "params": {"threads": 1}, "reasons": claimed}]}),
        );
        assert_eq!(codes(&judgement), [code]);
        assert_eq!(judgement.measurements[0].reasons[0].evidence, "after 5 s");
    }
}

#[test]
fn a_claim_is_judged_again_where_its_evidence_is_there() {
    let quiet = json!({"environment": {"components": {"cpu": {"background_percent": 0}}},
        "measurements": [{"metric": "cpu.a", "value": 1, "verdict": "suspect", "reasons": ["busy"]}]});
    assert_eq!(judged(quiet).verdict, Verdict::Valid);
    let no_evidence = json!({"measurements": [{"metric": "cpu.a", "value": 1, "reasons": ["busy"]}]});
    assert_eq!(judged(no_evidence).verdict, Verdict::Suspect);
}

#[test]
fn a_client_cannot_make_its_figure_better() {
    let busy = json!({"environment": {"components": {"cpu": {"background_percent": 80}}},
        "measurements": [{"metric": "cpu.a", "value": 1, "verdict": "valid", "reasons": []}]});
    assert_eq!(judged(busy).verdict, Verdict::Suspect);
}

#[test]
fn a_newer_agents_doubts_count() {
    let doubted = json!({"measurements": [{"metric": "cpu.a", "value": 1, "verdict": "suspect", "reasons": ["cosmic_rays"]}]});
    let judgement = judged(doubted);
    assert_eq!(codes(&judgement), ["other"]);
    assert_eq!(judgement.measurements[0].reasons[0].evidence, "reason cosmic_rays");
    let refused = judged(json!({"measurements": [{"metric": "cpu.a", "value": 1, "verdict": "invalid"}]}));
    assert_eq!(refused.verdict, Verdict::Invalid);
    let noted = judged(
        json!({"measurements": [{"metric": "cpu.a", "value": 1, "verdict": "valid", "reasons": ["full_moon"]}]}),
    );
    assert_eq!(noted.verdict, Verdict::Valid);
}

#[test]
fn a_failed_component_costs_that_component() {
    let judgement = judged(json!({
        "measurements": [{"metric": "cpu.a", "value": 1}],
        "missing": [{"path": "results.disk", "reason": "timed_out"}, {"path": "results.gpu", "reason": "not_present"}],
    }));
    assert_eq!(judgement.components[&Component::Disk].verdict, Verdict::Invalid);
    assert!(!judgement.components[&Component::Disk].scored);
    assert!(!judgement.components.contains_key(&Component::Gpu));
    assert_eq!(judgement.verdict, Verdict::Suspect);
    let alone = judged(json!({"missing": [{"path": "results.disk", "reason": "crashed"}]}));
    assert_eq!(alone.verdict, Verdict::Invalid);
}

#[test]
fn one_failed_metric_leaves_the_rest_of_its_component() {
    let judgement = judged(json!({"measurements": [{"metric": "cpu.a", "value": 1}, {"metric": "cpu.b"}],
        "missing": [{"path": "cpu.b", "reason": "timed_out"}]}));
    assert_eq!(codes(&judgement), ["timed_out"]);
    let cpu = &judgement.components[&Component::Cpu];
    assert_eq!((cpu.verdict, cpu.scored), (Verdict::Invalid, true));
}

#[test]
fn notes_are_gathered_and_do_not_weigh() {
    let judgement = judged(
        json!({"environment": {"components": {"cpu": {"steal_percent": 0.5}, "memory": {"steal_percent": 0.5}}},
        "measurements": [{"metric": "cpu.a", "value": 1}, {"metric": "memory.a", "value": 1}]}),
    );
    assert_eq!(judgement.verdict, Verdict::Valid);
    assert_eq!(judgement.notes.len(), 1);
    assert_eq!(judgement.notes[0].code.grade(), Grade::Note);
}

/// Whether a value is implausible on this hardware.
fn implausible(hardware: Value, metric: &str, value: f64, params: Value) -> bool {
    let fields =
        json!({"hardware": hardware, "measurements": [{"metric": metric, "value": value, "params": params}]});
    codes(&judged(fields)).contains(&"implausible")
}

#[test]
fn a_drive_is_no_faster_than_its_link() {
    let drive = |drive: Value| json!({"storage": {"devices": [drive]}});
    let sata = drive(json!({"name": "/dev/sda", "interface": "SATA 6 Gb/s"}));
    let on = |device: &str| json!({"device": device, "block_bytes": 4096});
    assert!(implausible(json!({}), "memory.latency_ns", 0.0, Value::Null));
    assert!(implausible(json!({}), "network.ping_ms", 0.0, Value::Null));
    assert!(!implausible(json!({}), "network.ping_ms", 0.01, Value::Null));
    assert!(!implausible(json!({}), "network.jitter_ms", 0.0, Value::Null));
    assert!(!implausible(sata.clone(), "disk.read_mb_s", 560.0, on("sda1")));
    assert!(implausible(sata.clone(), "disk.read_mb_s", 700.0, on("sda1")));
    assert!(implausible(sata.clone(), "disk.iops_read", 200_000.0, on("sda")));
    assert!(!implausible(sata.clone(), "disk.read_mb_s", 7000.0, on("dm-0")), "a volume may span several");
    assert!(!implausible(sata, "disk.read_mb_s", 7000.0, json!({})));
    let nvme = drive(json!({"name": "nvme0n1", "interface": "PCIe 3.0 x4"}));
    assert!(!implausible(nvme.clone(), "disk.read_mb_s", 3900.0, on("nvme0n1p3")));
    assert!(implausible(nvme, "disk.read_mb_s", 4500.0, on("nvme0n1p3")));
    let link = drive(
        json!({"name": "nvme1n1", "link": {"speed": "8.0 GT/s", "width": 2, "max_speed": "16.0 GT/s PCIe", "max_width": 4}}),
    );
    assert!(!implausible(link.clone(), "disk.read_mb_s", 7800.0, on("nvme1n1")));
    assert!(implausible(link, "disk.read_mb_s", 9000.0, on("nvme1n1")));
}

#[test]
fn a_network_is_no_faster_than_its_adapter() {
    let nic = |driver: &str| json!({"network": {"interfaces": [{"name": "eno1", "type": "ethernet", "speed_mbps": 1000, "driver": driver}]}});
    let over = json!({"interface": "eno1"});
    assert!(!implausible(nic("igb"), "network.upload_mbps", 995.0, over.clone()));
    assert!(implausible(nic("igb"), "network.upload_mbps", 1100.0, over.clone()));
    assert!(!implausible(nic("virtio_net"), "network.upload_mbps", 9000.0, over));
}

#[test]
fn memory_is_no_faster_than_its_modules() {
    let ram = |kind: &str| json!({"ram": {"layout": [{"type": kind, "size_mb": 8192, "speed_mhz": 3200}, {"type": "Unknown", "size_mb": 0}]}});
    assert!(!implausible(ram("DDR4"), "memory.throughput_mib_s", 24_000.0, json!({})));
    assert!(implausible(ram("DDR4"), "memory.throughput_mib_s", 40_000.0, json!({})));
    assert!(!implausible(ram("LPDDR5"), "memory.throughput_mib_s", 90_000.0, json!({})));
}

#[test]
fn a_processor_does_no_more_than_its_cycles() {
    let cpu = json!({"cpu": {"threads": 4, "max_freq_ghz": 4.0}});
    assert!(!implausible(cpu.clone(), "cpu.events_per_sec_single", 3000.0, json!({})));
    assert!(implausible(cpu.clone(), "cpu.events_per_sec_single", 30_000.0, json!({})));
    assert!(!implausible(cpu.clone(), "cpu.events_per_sec_multi", 12_000.0, json!({"threads": 4})));
    assert!(implausible(cpu.clone(), "cpu.events_per_sec_multi", 120_000.0, json!({"threads": 4})));
    assert!(!implausible(cpu.clone(), "cpu.matrix_gflops_single", 128.0, json!({"instruction_set": "avx2"})));
    assert!(implausible(cpu, "cpu.matrix_gflops_single", 256.0, json!({"instruction_set": "avx2"})));
    assert!(!implausible(json!({}), "cpu.events_per_sec_single", 1e12, json!({})));
}

#[test]
fn kinds_of_machine() {
    let of = |os: Value, board: Value| kind(&with(json!({"hardware": {"os": os, "motherboard": board}})));
    assert_eq!(of(json!({}), json!({})), DeviceKind::BareMetal);
    assert_eq!(
        of(json!({"virtualization_type": "none", "architecture": "x86_64"}), json!({})),
        DeviceKind::BareMetal
    );
    assert_eq!(of(json!({"virtualization_type": "kvm"}), json!({})), DeviceKind::Vm);
    assert_eq!(of(json!({"virtualization_type": "lxc"}), json!({})), DeviceKind::Container);
    assert_eq!(
        of(json!({"architecture": "aarch64"}), json!({"model": "Raspberry Pi 5"})),
        DeviceKind::SingleBoard
    );
    assert_eq!(
        of(json!({"architecture": "aarch64"}), json!({"bios_vendor": "EDK II"})),
        DeviceKind::BareMetal
    );
}

#[test]
fn what_a_machine_is_called() {
    let of = |board: Value| {
        model_label(
            &with(json!({"hardware": {"motherboard": board, "cpu": {"model": "Sample CPU"}}})).hardware,
        )
    };
    assert_eq!(of(json!({"system_vendor": "Dell", "system_model": "XPS 13"})).unwrap(), "Dell XPS 13");
    assert_eq!(of(json!({"system_vendor": "HP", "system_model": "HP EliteDesk"})).unwrap(), "HP EliteDesk");
    let home_made = json!({"system_model": "To Be Filled By O.E.M.", "vendor": "ASRock", "model": "B550M"});
    assert_eq!(of(home_made).unwrap(), "ASRock B550M");
    assert_eq!(of(json!({})).unwrap(), "Sample CPU");
}

#[test]
fn machines_of_one_hardware_model_share_its_name() {
    let of = |board: Value, kind: DeviceKind| {
        let cpu = json!({"model": "Sample CPU", "threads": 4});
        hardware_model(&with(json!({"hardware": {"motherboard": board, "cpu": cpu}})).hardware, kind)
    };
    let dell = json!({"system_vendor": "Dell Inc.", "system_model": "OptiPlex 7040", "model": "0Y7WYT"});
    let ec2 = json!({"system_vendor": "Amazon EC2", "system_model": "t3.micro"});
    let qemu = json!({"system_vendor": "QEMU", "system_model": "Standard PC (Q35 + ICH9, 2009)"});
    let empty =
        json!({"system_model": "System Product Name", "vendor": "n/a", "model": "To be filled by O.E.M."});
    for (board, kind, expected) in [
        (dell.clone(), DeviceKind::BareMetal, "Dell Inc. OptiPlex 7040"),
        (json!({"vendor": "ASRock", "model": "B550M"}), DeviceKind::BareMetal, "ASRock B550M"),
        (json!({"model": "Raspberry Pi 4 Model B"}), DeviceKind::SingleBoard, "Raspberry Pi 4 Model B"),
        (empty, DeviceKind::BareMetal, "Sample CPU (bare_metal)"),
        (ec2.clone(), DeviceKind::Vm, "Amazon EC2 t3.micro"),
        (ec2, DeviceKind::Container, "Sample CPU (container, 4 threads)"),
        (qemu, DeviceKind::Vm, "Sample CPU (vm, 4 threads)"),
        (dell, DeviceKind::Container, "Sample CPU (container, 4 threads)"),
    ] {
        assert_eq!(of(board.clone(), kind).as_deref(), Some(expected), "{board} {kind}");
    }
    assert_eq!(hardware_model(&with(json!({"hardware": {}})).hardware, DeviceKind::Vm), None);
}
