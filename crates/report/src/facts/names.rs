//! Names of drives, file systems and interfaces: one spelling, and which of them come and go by themselves.

/// The name of a drive or partition as it is served: `/dev/NAME`, whether it was sent with `/dev/` or not.
/// What cannot be a block device (a ZFS dataset, `server:/export`, `tmpfs`) stays as it is.
pub fn device_name(name: &str) -> String {
    let name = name.trim();
    let in_subfolder =
        ["mapper/", "disk/", "cciss/", "md/", "vg/"].iter().any(|folder| name.starts_with(folder));
    let block_device = !name.is_empty()
        && (in_subfolder || !name.contains('/'))
        && !name.contains(':')
        && !NO_BLOCK_DEVICE.contains(&name);
    if block_device { format!("/dev/{name}") } else { name.to_owned() }
}

/// File systems without a block device of their own, which the kernel lists under their own name.
const NO_BLOCK_DEVICE: [&str; 12] = [
    "tmpfs",
    "ramfs",
    "overlay",
    "overlayfs",
    "aufs",
    "none",
    "rootfs",
    "squashfs",
    "virtiofs",
    "9p",
    "fuse",
    "udev",
];

/// Drives that the system makes and drops by itself: not hardware.
pub(super) fn passing_drive(name: &str) -> bool {
    let name = name.trim().trim_start_matches("/dev/");
    ["loop", "zram", "ram", "nbd", "fd"].iter().any(|prefix| numbered(name, prefix))
}

/// Mounts that come and go with containers, packages, plugged-in media and sessions.
pub(super) fn passing_mount(name: &str, mount_point: &str, fs_type: &str) -> bool {
    const PLACES: [&str; 12] = [
        "/run/",
        "/media/",
        "/snap/",
        "/var/snap/",
        "/var/lib/docker/",
        "/var/lib/containers/",
        "/var/lib/containerd/",
        "/var/lib/kubelet/",
        "/var/lib/lxc/",
        "/tmp/",
        "/proc/",
        "/sys/",
    ];
    passing_drive(name)
        || PLACES.iter().any(|place| mount_point.starts_with(place))
        || ["squashfs", "overlay", "tmpfs", "ramfs", "iso9660"].contains(&fs_type)
}

/// The size of these is not their own: it moves with what others use, or is another machine's.
pub(super) fn floating_size(fs_type: &str) -> bool {
    ["zfs", "tmpfs", "overlay", "9p", "virtiofs", "ceph", "glusterfs"].contains(&fs_type)
        || ["nfs", "cifs", "smb", "fuse"].iter().any(|family| fs_type.starts_with(family))
}

/// Interfaces that guests, containers, tunnels and tests bring and take away. Bridges, bonds and VLANs that
/// an administrator named stay: they are part of what the machine is.
pub(crate) fn passing_interface(name: &str, r#type: &str) -> bool {
    const PREFIXES: [&str; 15] = [
        "veth", "tap", "tun", "vnet", "fwbr", "fwpr", "fwln", "cali", "flannel", "cni", "cilium", "lxc",
        "ifb", "dummy", "podman",
    ];
    ["veth", "tun", "virtual"].contains(&r#type)
        || ["docker0", "docker_gwbridge", "lo"].contains(&name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.starts_with("virbr")
        || name
            .strip_prefix("br-")
            .is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()))
        || ["wg", "tailscale", "zt", "ppp", "usb"].iter().any(|prefix| numbered(name, prefix))
}

/// Made by software: private Wi-Fi addresses, guests, bridges. It says nothing about the adapter.
pub(crate) fn locally_administered(mac: &str) -> bool {
    mac.trim().as_bytes().get(1).is_some_and(|digit| {
        matches!(digit.to_ascii_lowercase(), b'2' | b'6' | b'a' | b'e' | b'3' | b'7' | b'b' | b'f')
    })
}

fn numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}
