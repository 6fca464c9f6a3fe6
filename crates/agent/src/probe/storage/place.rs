//! What lies under a folder: the file system, and the drive if it is one.

use std::path::Path;

use super::mounts::{Mount, parse};
use crate::probe::root::Root;

/// Where files of a folder end up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// As the kernel names it: `ext4`.
    pub(crate) fs_type: Option<String>,
    /// The one block device under it, down through encryption and volumes; `None` for several, or none.
    pub(crate) device: Option<String>,
    /// The file system compresses; `None` if it does not say.
    pub(crate) compressed: Option<bool>,
    /// One of the layers encrypts; `None` if not all of them are known.
    pub(crate) encrypted: Option<bool>,
}

/// Looks under a folder, given with all links followed.
pub(crate) fn place(root: &Root, folder: &Path) -> Place {
    let mounts = parse(&root.text("/proc/self/mountinfo").unwrap_or_default());
    let holds = |mount: &&Mount| folder.starts_with(&mount.mount_point);
    // Of those mounted on one folder the last covers the others.
    let Some(mount) = mounts.iter().filter(holds).max_by_key(|mount| mount.mount_point.len()) else {
        return Place::default();
    };
    let first = kernel_name(root, mount);
    let (device, encrypted) = match &first {
        Some(name) => descend(root, name),
        None => (None, None),
    };
    Place { fs_type: Some(mount.fs_type.clone()), device, compressed: compressed(mount), encrypted }
}

fn compressed(mount: &Mount) -> Option<bool> {
    let option = |name: &str| {
        mount.options.split(',').find_map(|option| {
            let (key, value) = option.split_once('=').unwrap_or((option, ""));
            (key == name).then_some(value)
        })
    };
    match mount.fs_type.as_str() {
        "btrfs" => {
            let chosen = option("compress").or_else(|| option("compress-force"));
            Some(chosen.is_some_and(|how| !matches!(how, "no" | "none")))
        }
        "bcachefs" => Some(option("compression").is_some_and(|how| how != "none")),
        "ext2" | "ext3" | "ext4" | "xfs" | "vfat" | "exfat" | "tmpfs" | "ramfs" => Some(false),
        _ => None,
    }
}

fn kernel_name(root: &Root, mount: &Mount) -> Option<String> {
    if let Some(name) = root.link_name(&format!("/sys/dev/block/{}", mount.device)) {
        return Some(name);
    }
    // btrfs has numbers of its own, and may span several drives.
    let source = mount.source.strip_prefix("/dev/").filter(|_| mount.fs_type == "btrfs")?;
    let name = match root.resolve(&mount.source) {
        Some(real) => real.rsplit('/').next()?.to_owned(),
        None => source.to_owned(),
    };
    let spans = |volume: &String| {
        let devices = root.names(&format!("/sys/fs/btrfs/{volume}/devices"));
        devices.contains(&name) && devices.len() > 1
    };
    (!root.names("/sys/fs/btrfs").iter().any(spans)).then_some(name)
}

/// Down from a volume to the drive, as long as there is one below.
fn descend(root: &Root, name: &str) -> (Option<String>, Option<bool>) {
    /// Deeper than anybody stacks devices.
    const DEEPEST: usize = 16;
    let mut name = name.to_owned();
    let mut encrypted = false;
    for _ in 0..DEEPEST {
        let folder = format!("/sys/class/block/{name}");
        let kind = root.text(&format!("{folder}/dm/uuid")).unwrap_or_default();
        encrypted |= kind.starts_with("CRYPT-");
        let mut below = root.names(&format!("{folder}/slaves"));
        match (below.pop(), below.is_empty()) {
            (None, _) => return (Some(name), Some(encrypted)),
            (Some(only), true) => name = only,
            (Some(_), false) => break,
        }
    }
    (None, encrypted.then_some(true))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn machine() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path.trim_start_matches('/'));
        let make = |path: &str| fs::create_dir_all(at(path)).unwrap();
        let write = |path: &str, text: &str| {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), text).unwrap();
        };
        write(
            "/proc/self/mountinfo",
            "20 1 253:1 / / rw - ext4 /dev/mapper/root rw\n\
             21 20 0:40 /home /home rw - btrfs /dev/sdb1 rw,compress=zstd:1,space_cache=v2\n\
             22 20 0:41 / /home/pool rw - zfs tank/data rw\n\
             23 20 0:42 / /tmp rw - tmpfs tmpfs rw\n",
        );
        make("/sys/dev/block");
        symlink("../../devices/virtual/block/dm-1", at("/sys/dev/block/253:1")).unwrap();
        write("/sys/class/block/dm-1/dm/uuid", "LVM-abc");
        make("/sys/class/block/dm-1/slaves/dm-0");
        write("/sys/class/block/dm-0/dm/uuid", "CRYPT-LUKS2-abc");
        make("/sys/class/block/dm-0/slaves/nvme0n1p3");
        make("/sys/class/block/nvme0n1p3");
        make("/sys/fs/btrfs/1234/devices/sdb1");
        folder
    }

    #[test]
    fn layers_are_followed_down_to_the_drive() {
        let folder = machine();
        let root = Root::at(folder.path());
        let place = |path: &str| place(&root, Path::new(path));
        let text = |text: &str| Some(text.to_owned());
        let encrypted = place("/var/tmp");
        assert_eq!(encrypted.device, text("nvme0n1p3"));
        assert_eq!((encrypted.encrypted, encrypted.compressed), (Some(true), Some(false)));
        let compressed = place("/home/someone");
        assert_eq!((compressed.fs_type, compressed.device), (text("btrfs"), text("sdb1")));
        assert_eq!((compressed.encrypted, compressed.compressed), (Some(false), Some(true)));
        assert_eq!(place("/home/pool/x").fs_type, text("zfs"));
        assert_eq!(place("/tmp").device, None);
        assert_eq!(place("/homeless").fs_type, text("ext4"), "a part of a name is not a folder");
    }

    #[test]
    fn a_volume_over_several_drives_has_no_single_one() {
        let folder = machine();
        fs::create_dir_all(folder.path().join("sys/class/block/dm-1/slaves/sdc")).unwrap();
        fs::create_dir_all(folder.path().join("sys/fs/btrfs/1234/devices/sdd")).unwrap();
        let root = Root::at(folder.path());
        assert_eq!(place(&root, Path::new("/")).device, None);
        assert_eq!(place(&root, Path::new("/home")).device, None);
    }
}
