//! What a test must know of the machine to choose its sizes.

use super::cpu::Caches;
use super::root::Root;
use super::text::kib_of;

/// Bytes of all last-level caches that these logical processors see; `None` where the machine shows none.
pub(crate) fn last_level_cache_bytes(root: &Root, cpus: &[u32]) -> Option<u64> {
    Caches::read(root, cpus).last_level_bytes()
}

/// Which part of the memory is near to this logical processor; `None` on a machine with one part only.
pub(crate) fn memory_node(root: &Root, cpu: u32) -> Option<u32> {
    let names = root.names(&format!("/sys/devices/system/cpu/cpu{cpu}"));
    names.iter().find_map(|name| name.strip_prefix("node")?.parse().ok())
}

/// Memory that this process can have without swapping, bytes: what the kernel says, or what is left below the
/// limit of its control group.
pub(crate) fn available_memory_bytes(root: &Root) -> Option<u64> {
    let text = root.text("/proc/meminfo")?;
    let available = kib_of(&text, "MemAvailable")?.checked_mul(1024)?;
    Some(group_headroom_bytes(root).map_or(available, |headroom| headroom.min(available)))
}

/// The least room below the memory limits of our control group and of those above it.
fn group_headroom_bytes(root: &Root) -> Option<u64> {
    let groups = root.text("/proc/self/cgroup")?;
    let rooms = groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let files = match controllers {
            "" => Some(Files::UNIFIED),
            list if list.split(',').any(|one| one == "memory") => Some(Files::LEGACY),
            _ => None,
        };
        files.into_iter().flat_map(move |files| files.rooms(root, path))
    });
    rooms.min()
}

/// Where a hierarchy of control groups keeps its memory figures.
#[derive(Clone, Copy)]
struct Files {
    mount: &'static str,
    limit: &'static str,
    usage: &'static str,
    reclaimable: &'static str,
}

impl Files {
    /// cgroup v2.
    const UNIFIED: Self = Self {
        mount: "/sys/fs/cgroup",
        limit: "memory.max",
        usage: "memory.current",
        reclaimable: "inactive_file",
    };
    /// cgroup v1.
    const LEGACY: Self = Self {
        mount: "/sys/fs/cgroup/memory",
        limit: "memory.limit_in_bytes",
        usage: "memory.usage_in_bytes",
        reclaimable: "total_inactive_file",
    };

    /// Room in this group and in each above it; groups without a limit are passed over. In a container the path
    /// may be the host's, of which only the top is visible.
    fn rooms(self, root: &Root, path: &str) -> Vec<u64> {
        let mut rooms = Vec::new();
        let mut path = path.trim_end_matches('/');
        loop {
            rooms.extend(self.room(root, &format!("{}{path}", self.mount)));
            match path.rsplit_once('/') {
                Some((above, _)) => path = above,
                None => return rooms,
            }
        }
    }

    /// Files in the cache that nobody looked at lately are given up for the asking.
    fn room(self, root: &Root, folder: &str) -> Option<u64> {
        let limit: u64 = root.number(&format!("{folder}/{}", self.limit))?;
        let usage: u64 = root.number(&format!("{folder}/{}", self.usage))?;
        let stat = root.text(&format!("{folder}/memory.stat")).unwrap_or_default();
        let field = |line: &str| line.strip_prefix(self.reclaimable)?.trim().parse::<u64>().ok();
        let reclaimable = stat.lines().find_map(field).unwrap_or(0);
        Some(limit.saturating_sub(usage.saturating_sub(reclaimable)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree_tests::Tree;
    use super::*;

    const MIB: u64 = 1 << 20;

    fn tree(files: &[(&str, &str)]) -> (Tree, Root) {
        let tree = Tree::new();
        for (file, text) in files {
            tree.write(file, text);
        }
        let root = tree.root();
        (tree, root)
    }

    #[test]
    fn a_container_has_what_its_group_leaves_it() {
        let (_folder, root) = tree(&[
            ("/proc/meminfo", "MemTotal: 65536 kB\nMemAvailable:   2097152 kB\n"),
            ("/proc/self/cgroup", "0::/system.slice/box\n"),
            ("/sys/fs/cgroup/system.slice/box/memory.max", "max\n"),
            ("/sys/fs/cgroup/system.slice/box/memory.current", "1\n"),
            ("/sys/fs/cgroup/system.slice/memory.max", "536870912\n"),
            ("/sys/fs/cgroup/system.slice/memory.current", "314572800\n"),
            ("/sys/fs/cgroup/system.slice/memory.stat", "anon 7\ninactive_file 104857600\n"),
        ]);
        assert_eq!(available_memory_bytes(&root), Some(312 * MIB));
    }

    #[test]
    fn the_older_control_groups_count_too() {
        let (_folder, root) = tree(&[
            ("/proc/meminfo", "MemAvailable:   2097152 kB\n"),
            ("/proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/0f\n"),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n"),
            ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "67108864\n"),
        ]);
        assert_eq!(available_memory_bytes(&root), Some(192 * MIB));
    }

    #[test]
    fn without_a_limit_it_is_what_the_kernel_says() {
        let (_folder, root) = tree(&[("/proc/meminfo", "MemAvailable:   1024 kB\n")]);
        assert_eq!(available_memory_bytes(&root), Some(MIB));
        assert_eq!(available_memory_bytes(&tree(&[]).1), None);
    }

    #[test]
    fn caches_of_several_dies_add_up_and_nodes_have_numbers() {
        let cache = |cpu: u32, index: u32, file: &str| {
            format!("/sys/devices/system/cpu/cpu{cpu}/cache/index{index}/{file}")
        };
        let mut files = Vec::new();
        for cpu in 0..4 {
            for (index, level, size, sharers) in [
                (2, "2", "512K", cpu.to_string()),
                (3, "3", "32M", format!("{}-{}", cpu / 2 * 2, cpu / 2 * 2 + 1)),
            ] {
                files.push((cache(cpu, index, "level"), level.to_owned()));
                files.push((cache(cpu, index, "type"), "Unified".to_owned()));
                files.push((cache(cpu, index, "size"), size.to_owned()));
                files.push((cache(cpu, index, "shared_cpu_list"), sharers));
            }
        }
        files.push(("/sys/devices/system/cpu/cpu3/node1/x".to_owned(), String::new()));
        let files: Vec<_> = files.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
        let (_folder, root) = tree(&files);
        assert_eq!(last_level_cache_bytes(&root, &[0, 1, 2, 3]), Some(64 * MIB));
        assert_eq!(last_level_cache_bytes(&root, &[2]), Some(32 * MIB));
        assert_eq!(last_level_cache_bytes(&root, &[9]), None);
        assert_eq!((memory_node(&root, 3), memory_node(&root, 0)), (Some(1), None));
    }
}
