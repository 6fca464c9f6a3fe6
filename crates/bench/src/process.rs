//! What the kernel tells of a process (processor time, memory, bytes written) and of the machine.

use std::time::Duration;

use anyhow::Context;

/// Processor time of all its threads so far, user and system.
pub(crate) fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let stat = read(pid, "stat")?;
    let ticks = ticks(&stat).with_context(|| format!("cannot read /proc/{pid}/stat"))?;
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

/// The name of a program may hold spaces and brackets: the fields are counted from the last bracket.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

/// Bytes that it made the disk write so far.
pub(crate) fn written_bytes(pid: u32) -> anyhow::Result<u64> {
    field(&read(pid, "io")?, "write_bytes:").with_context(|| format!("cannot read /proc/{pid}/io"))
}

/// What a process holds in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// Pages in memory, those shared with others in full.
    pub(crate) resident_bytes: u64,
    /// The same, with pages that others share counted by its share.
    pub(crate) proportional_bytes: u64,
}

/// What it holds in memory now.
pub(crate) fn memory(pid: u32) -> anyhow::Result<Memory> {
    let text = read(pid, "smaps_rollup")?;
    let kib = |name| field(&text, name).with_context(|| format!("no {name} in /proc/{pid}/smaps_rollup"));
    Ok(Memory { resident_bytes: kib("Rss:")? * 1024, proportional_bytes: kib("Pss:")? * 1024 })
}

/// The most that it ever held in memory.
pub(crate) fn peak_bytes(pid: u32) -> anyhow::Result<u64> {
    let kib = field(&read(pid, "status")?, "VmHWM:").with_context(|| format!("no VmHWM of {pid}"))?;
    Ok(kib * 1024)
}

/// How many threads wanted to run in the last minute.
pub(crate) fn load() -> anyhow::Result<String> {
    let text = std::fs::read_to_string("/proc/loadavg").context("cannot read /proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

fn read(pid: u32, file: &str) -> anyhow::Result<String> {
    let path = format!("/proc/{pid}/{file}");
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
}

/// The number behind a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found() {
        let stat = "12 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("12 (short) S 1"), None);
        let io = "rchar: 1\nwrite_bytes: 4096\ncancelled_write_bytes: 0\n";
        assert_eq!(field(io, "write_bytes:"), Some(4096));
        assert_eq!(field("Rss:      1234 kB\n", "Rss:"), Some(1234));
        assert!(memory(std::process::id()).unwrap().resident_bytes > 0);
        assert!(cpu_time(std::process::id()).is_ok());
    }
}
