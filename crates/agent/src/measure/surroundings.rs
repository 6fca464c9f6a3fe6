//! What the tests must know of the machine to choose their sizes.

use std::fs;

/// Size of the largest cache that the first processor sees, bytes; `None` where the machine does not show it.
pub(crate) fn last_level_cache_bytes() -> Option<u64> {
    let caches = fs::read_dir("/sys/devices/system/cpu/cpu0/cache").ok()?;
    let size = |cache: fs::DirEntry| {
        let text = fs::read_to_string(cache.path().join("size")).ok()?;
        size_in_bytes(text.trim())
    };
    caches.filter_map(|cache| size(cache.ok()?)).max()
}

/// `48M`, `1280K`.
fn size_in_bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "K" => 1024,
        "M" => 1024 * 1024,
        "G" => 1024 * 1024 * 1024,
        "" => 1,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// Memory that can be had without swapping, bytes.
pub(crate) fn available_memory_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(size_in_bytes("48M"), Some(48 << 20));
        assert_eq!(size_in_bytes("1280K"), Some(1280 << 10));
        assert_eq!(size_in_bytes("what"), None);
    }
}
