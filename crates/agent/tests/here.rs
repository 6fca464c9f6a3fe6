//! The machine that the tests run on is read quickly, and left as it is. Alone in its program: whatever
//! is written while the test runs was written by the probe.

use std::fs;
use std::time::{Duration, Instant};

use agent::probe::{ProbeOptions, Root, inventory, table};

/// Bytes that this process has written, where the kernel counts them.
fn written() -> Option<u64> {
    let counters = fs::read_to_string("/proc/self/io").ok()?;
    counters.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok())
}

#[test]
fn this_machine_is_read_quickly_and_left_as_it_is() {
    let before = written();
    let begin = Instant::now();
    let found = inventory(&Root::system(), &ProbeOptions::default());
    assert!(begin.elapsed() < Duration::from_secs(6), "took {:?}", begin.elapsed());
    assert_eq!(written(), before);
    let hardware = &found.hardware;
    let cpu = hardware.cpu.as_ref().expect("a processor");
    assert!(cpu.threads.is_some_and(|threads| threads.get() > 0));
    assert!(hardware.ram.as_ref().and_then(|ram| ram.total_mb).is_some_and(|total| total.get() > 0));
    let os = hardware.os.as_ref().expect("a system");
    assert!(os.kernel_version.is_some() && os.architecture.is_some() && os.virtualization_type.is_some());
    let partitions = hardware.storage.as_ref().and_then(|storage| storage.partitions.as_ref());
    assert!(partitions.is_some_and(|list| list.iter().any(|partition| partition.total_gb.is_some())));
    assert!(table(&found).lines().count() > 3);
}
