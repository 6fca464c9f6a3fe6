//! /proc/self/mountinfo: what is mounted where.

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// Major and minor number of the device: `8:1`.
    pub(super) device: String,
    /// The part of the file system that is mounted; `/` is all of it.
    pub(super) root: String,
    pub(super) mount_point: String,
    pub(super) fs_type: String,
    /// `/dev/sda1`, a ZFS dataset, `server:/export` …
    pub(super) source: String,
    /// Options of the file system itself: `rw,compress=zstd:1,subvol=/home`.
    pub(super) options: String,
}

/// The mounts in their order; lines that are not one are passed over.
pub(super) fn parse(text: &str) -> Vec<Mount> {
    text.lines().filter_map(parse_line).collect()
}

/// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue` (proc(5)).
fn parse_line(line: &str) -> Option<Mount> {
    let (mount, file_system) = line.split_once(" - ")?;
    let mut mount = mount.split(' ').skip(2);
    let (device, root, mount_point) = (mount.next()?, mount.next()?, mount.next()?);
    let mut file_system = file_system.split(' ');
    let (fs_type, source) = (file_system.next()?, file_system.next()?);
    let options = file_system.next().unwrap_or_default();
    Some(Mount {
        device: device.to_owned(),
        root: plain(root),
        mount_point: plain(mount_point),
        fs_type: plain(fs_type),
        source: plain(source),
        options: plain(options),
    })
}

/// The kernel writes blanks, tabs, line ends and backslashes as three octal digits.
fn plain(escaped: &str) -> String {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits =
            after.get(..3).filter(|_| *first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_with_blanks_in_the_path() {
        let mounts = parse(r"98 29 8:17 / /media/my\040disk rw,relatime shared:1 - ext4 /dev/sdb1 rw");
        let mount = mounts.first().expect("one mount");
        assert_eq!(mount.mount_point, "/media/my disk");
        assert_eq!((mount.device.as_str(), mount.fs_type.as_str()), ("8:17", "ext4"));
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (parse(&text), parse(&String::from_utf8_lossy(&bytes)), plain(&text));
        }
    }
}
