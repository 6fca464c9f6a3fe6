//! Reasons in how a test was run.

use super::reason::{Reason, ReasonCode};
use crate::measurement::{Measurement, Params};
use crate::metric::Component;

/// Arrays must be this many times the last-level cache to measure memory.
const CACHE_FACTOR: u64 = 4;

/// Judges the parameters of a test.
pub(super) fn reasons(measurement: &Measurement, reasons: &mut Vec<Reason>) {
    let Some(params) = &measurement.params else { return };
    if params.output_correct == Some(false) {
        reasons.push(Reason::new(ReasonCode::WrongResult, "the test's output has a wrong checksum"));
    }
    match measurement.metric.component() {
        Some(Component::Memory) => memory(params, reasons),
        Some(Component::Disk) => disk(params, reasons),
        Some(Component::Network) => network(params, reasons),
        Some(Component::Gpu) => gpu(params, reasons),
        Some(Component::Cpu) | None => {}
    }
}

fn memory(params: &Params, reasons: &mut Vec<Reason>) {
    if let (Some(array), Some(cache)) = (params.array_bytes, params.last_level_cache_bytes)
        && array.get() < cache.get().saturating_mul(CACHE_FACTOR)
    {
        let (array, cache) = (mib(array.get()), mib(cache.get()));
        let evidence = format!("{array:.1} MiB of data, {cache:.1} MiB of cache");
        reasons.push(Reason::new(ReasonCode::CacheSized, evidence));
    }
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn disk(params: &Params, reasons: &mut Vec<Reason>) {
    let fs_type = params.fs_type.as_deref().unwrap_or_default();
    match fs_type {
        "tmpfs" | "ramfs" => reasons.push(Reason::new(ReasonCode::Tmpfs, format!("{fs_type} is memory"))),
        "overlay" | "overlayfs" | "aufs" | "fuse-overlayfs" | "fuse.fuse-overlayfs" => {
            reasons.push(Reason::new(ReasonCode::Overlay, format!("file system {fs_type}")));
        }
        _ if over_network(fs_type) => {
            reasons.push(Reason::new(ReasonCode::NetworkFilesystem, format!("file system {fs_type}")));
        }
        _ => {}
    }
    let flags = [
        (params.compressed == Some(true), ReasonCode::Compressed, "compresses"),
        (params.encrypted == Some(true), ReasonCode::Encrypted, "is encrypted"),
        (
            params.space_short == Some(true),
            ReasonCode::SpaceShort,
            "had too little space for the full test file",
        ),
        (params.direct == Some(false), ReasonCode::DirectIoRefused, "did not allow direct access"),
        (params.cached_reads == Some(true), ReasonCode::CachedReads, "served reads from memory"),
    ];
    let subject = if fs_type.is_empty() { "the file system" } else { fs_type };
    for (_, code, what) in flags.into_iter().filter(|(holds, ..)| *holds) {
        reasons.push(Reason::new(code, format!("{subject} {what}")));
    }
}

fn over_network(fs_type: &str) -> bool {
    ["cifs", "smb3", "9p", "virtiofs", "ceph", "glusterfs", "afs", "lustre", "ocfs2", "gfs2"]
        .contains(&fs_type)
        || ["nfs", "fuse.sshfs", "fuse.gluster", "fuse.ceph", "fuse.s3", "fuse.rclone"]
            .iter()
            .any(|family| fs_type.starts_with(family))
}

fn network(params: &Params, reasons: &mut Vec<Reason>) {
    if params.same_host == Some(true) {
        reasons.push(Reason::new(ReasonCode::SameHost, "server and client are one host"));
    }
    if params.server_busy == Some(true) {
        reasons.push(Reason::new(ReasonCode::ServerBusy, "the server measured another machine"));
    }
}

fn gpu(params: &Params, reasons: &mut Vec<Reason>) {
    if let Some(name) = params.software_rasteriser.as_deref().filter(|name| !name.is_empty()) {
        reasons.push(Reason::new(ReasonCode::SoftwareRasteriser, format!("drawn by {name}")));
    }
}
