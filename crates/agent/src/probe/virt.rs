//! Where the system runs: on the machine itself, in a virtual machine, in a container.

use super::dmi::Dmi;
use super::root::Root;
use super::text::value_of;

/// What is between the system and the hardware.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Virt {
    /// `lxc`, `docker`, `podman`, `systemd-nspawn` …
    pub(crate) container: Option<String>,
    /// `kvm`, `vmware`, `xen` …
    pub(crate) hypervisor: Option<String>,
}

impl Virt {
    /// Looks for signs, the surest first.
    pub(crate) fn detect(root: &Root) -> Self {
        Self { container: container(root), hypervisor: hypervisor(root) }
    }

    /// The innermost layer, or `none`.
    pub(crate) fn name(&self) -> &str {
        self.container.as_deref().or(self.hypervisor.as_deref()).unwrap_or("none")
    }
}

fn container(root: &Root) -> Option<String> {
    let told = || root.text("/run/systemd/container").or_else(|| from_environment(root));
    let marked = || {
        let marks = [("/.dockerenv", "docker"), ("/run/.containerenv", "podman")];
        marks
            .into_iter()
            .find(|(file, _)| root.exists(file))
            .map(|(_, name)| name)
            .filter(|_| !is_outermost(root))
    };
    let known =
        || marked().or_else(|| from_cgroup(root)).or_else(|| from_mounts(root)).or_else(|| openvz(root));
    told().or_else(|| known().map(str::to_owned))
}

/// A machine's disk may have been made from a container's image, with the marks still on it: who sees the
/// first process and name of the machine (their numbers are fixed, linux/nsfs.h) is in no container.
fn is_outermost(root: &Root) -> bool {
    let first = [("pid", "pid:[4026531836]"), ("uts", "uts:[4026531838]")];
    first
        .into_iter()
        .all(|(kind, space)| root.link_name(&format!("/proc/self/ns/{kind}")).as_deref() == Some(space))
}

/// Container managers tell the first process what it runs in; root may read it.
fn from_environment(root: &Root) -> Option<String> {
    let environment = root.text("/proc/1/environ")?;
    let value = environment.split('\0').find_map(|pair| pair.strip_prefix("container="))?;
    // `oci` is what runtimes say that do not give their name.
    Some(if value == "oci" { "docker" } else { value }.to_owned()).filter(|value| !value.is_empty())
}

/// Without a cgroup namespace the manager's own group shows.
fn from_cgroup(root: &Root) -> Option<&'static str> {
    let groups = root.text("/proc/self/cgroup")?;
    let signs = [
        ("/docker/", "docker"),
        ("/docker-", "docker"),
        ("/libpod", "podman"),
        ("/kubepods", "kubernetes"),
        ("/lxc/", "lxc"),
        ("/lxc.payload", "lxc"),
    ];
    signs.into_iter().find(|(sign, _)| groups.contains(sign)).map(|(_, name)| name)
}

/// LXC lays lxcfs over files of /proc, so that they show the container's share; hosts mount it elsewhere.
fn from_mounts(root: &Root) -> Option<&'static str> {
    let mounts = root.text("/proc/self/mountinfo")?;
    mounts.lines().any(|line| line.contains(" /proc/") && line.contains("fuse.lxcfs")).then_some("lxc")
}

fn openvz(root: &Root) -> Option<&'static str> {
    (root.exists("/proc/vz") && !root.exists("/proc/bc")).then_some("openvz")
}

fn hypervisor(root: &Root) -> Option<String> {
    if let Some(xen) = xen(root) {
        return Some(xen.to_owned());
    }
    let release = root.text("/proc/sys/kernel/osrelease").unwrap_or_default().to_lowercase();
    if release.contains("microsoft") && release.contains("wsl") {
        return Some("wsl".to_owned());
    }
    let cpuid = root.outside().cpuid().hypervisor;
    let cpuinfo = root.text("/proc/cpuinfo").unwrap_or_default();
    let x86_flags = value_of(&cpuinfo, ':', "flags");
    let flagged = x86_flags.is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
    let firmware = from_firmware(root);
    // Cloud providers' bare-metal machines carry the same names in their firmware as their virtual ones.
    if x86_flags.is_some() && !flagged && cpuid.is_none() {
        return None;
    }
    let found = match cpuid.as_deref().and_then(from_signature) {
        // KVM can show Windows guests the face of Hyper-V.
        Some("microsoft") if firmware == Some("qemu") => Some("kvm"),
        Some(name) => Some(name),
        None => from_clock(root).or(firmware).or_else(|| from_device_tree(root)),
    };
    found.or((flagged || cpuid.is_some()).then_some("vm-other")).map(str::to_owned)
}

fn xen(root: &Root) -> Option<&'static str> {
    if root.text("/sys/hypervisor/type")? != "xen" {
        return None;
    }
    let capabilities = root.text("/proc/xen/capabilities").unwrap_or_default();
    Some(if capabilities.contains("control_d") { "xen-dom0" } else { "xen" })
}

fn from_signature(signature: &str) -> Option<&'static str> {
    Some(match signature.trim_matches(|c: char| c == '\0' || c.is_whitespace()) {
        "KVMKVMKVM" | "Linux KVM Hv" => "kvm",
        "TCGTCGTCGTCG" => "qemu",
        "VMwareVMware" => "vmware",
        "VBoxVBoxVBox" => "oracle",
        "Microsoft Hv" => "microsoft",
        "XenVMMXenVMM" => "xen",
        "bhyve bhyve" => "bhyve",
        "prl hyperv" | "lrpepyh  vr" => "parallels",
        "QNXQVMBSQG" => "qnx",
        "ACRNACRNACRN" => "acrn",
        "SRESRESRESRE" => "sre",
        "Apple VZ" => "apple",
        _ => return None,
    })
}

/// Hypervisors offer their guests a clock of their own.
fn from_clock(root: &Root) -> Option<&'static str> {
    let clocks = root.text("/sys/devices/system/clocksource/clocksource0/available_clocksource")?;
    let signs = [("kvm-clock", "kvm"), ("hyperv", "microsoft"), ("xen", "xen")];
    signs
        .into_iter()
        .find(|(sign, _)| clocks.split_whitespace().any(|clock| clock.starts_with(sign)))
        .map(|(_, name)| name)
}

fn from_firmware(root: &Root) -> Option<&'static str> {
    let dmi = Dmi::new(root);
    let signs = [
        ("KVM", "kvm"),
        ("OpenStack", "kvm"),
        ("Amazon EC2", "amazon"),
        ("Google Compute Engine", "google"),
        ("QEMU", "qemu"),
        ("VMware", "vmware"),
        ("VMW", "vmware"),
        ("innotek", "oracle"),
        ("VirtualBox", "oracle"),
        ("Virtual Machine", "microsoft"),
        ("Xen", "xen"),
        ("BHYVE", "bhyve"),
        ("Parallels", "parallels"),
        ("Apple Virtualization", "apple"),
    ];
    let texts: Vec<String> = ["product_name", "sys_vendor", "board_vendor", "bios_vendor"]
        .into_iter()
        .filter_map(|file| dmi.text(file))
        .collect();
    signs.into_iter().find(|(sign, _)| texts.iter().any(|text| text.starts_with(sign))).map(|(_, name)| name)
}

fn from_device_tree(root: &Root) -> Option<&'static str> {
    let compatible = root.text("/proc/device-tree/hypervisor/compatible")?;
    let signs = [("kvm", "kvm"), ("xen", "xen"), ("vmware", "vmware")];
    Some(signs.into_iter().find(|(sign, _)| compatible.contains(sign)).map_or("vm-other", |(_, name)| name))
}
