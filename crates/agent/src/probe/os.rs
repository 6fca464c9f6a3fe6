//! Operating system and virtualisation.

use report::hardware::Os;
use report::text::Prose;

use super::gaps::Gaps;
use super::root::Root;
use super::secret::Secrets;
use super::text::{meaningful, name, name_of, value_of};
use super::virt::Virt;

/// The machine's own name.
pub(crate) fn hostname(root: &Root) -> Option<String> {
    let told = root.text("/proc/sys/kernel/hostname").filter(|name| name != "(none)");
    told.or_else(|| root.text("/etc/hostname")).as_deref().and_then(meaningful)
}

/// Reads the system.
pub(crate) fn read(root: &Root, virt: &Virt, secrets: &Secrets<'_>, gaps: &mut Gaps) -> Os {
    let release =
        root.text("/etc/os-release").or_else(|| root.text("/usr/lib/os-release")).unwrap_or_default();
    let field = |key: &str| value_of(&release, '=', key);
    let host = hostname(root);
    let os = Os {
        name: field("NAME").or_else(|| field("PRETTY_NAME")).and_then(name),
        version: field("VERSION_ID")
            .or_else(|| field("VERSION"))
            .or_else(|| field("BUILD_ID"))
            .and_then(name),
        kernel_version: name_of(root.text("/proc/sys/kernel/osrelease")),
        architecture: name_of(root.text("/proc/sys/kernel/arch").or_else(|| root.outside().architecture())),
        virtualization_type: name(virt.name()).or_else(|| Some(report::text::Name::lossy("none"))),
        fqdn: host.as_deref().and_then(|host| name_of(fqdn(root, host))),
        hostname: name_of(host),
        cmdline: root.text("/proc/cmdline").map(|line| Prose::lossy(&without_secrets(&line, secrets))),
        boot_mode: boot_mode(root, virt).and_then(name),
    };
    gaps.expect("hardware.os.name", os.name.as_ref());
    gaps.expect("hardware.os.kernel_version", os.kernel_version.as_ref());
    gaps.expect("hardware.os.architecture", os.architecture.as_ref());
    if os.fqdn.is_none() {
        gaps.add("hardware.os.fqdn", "not_set", Some("/etc/hosts gives this machine no name with a domain"));
    }
    os
}

/// The name with its domain, from the name itself or from /etc/hosts; no name server is asked.
fn fqdn(root: &Root, host: &str) -> Option<String> {
    if host.contains('.') {
        return Some(host.to_owned());
    }
    let hosts = root.text("/etc/hosts")?;
    let lines = hosts.lines().map(|line| line.split('#').next().unwrap_or_default());
    let named = lines.map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>());
    let full = |names: Vec<&str>| {
        let long = names.iter().find(|name| name.split_once('.').is_some_and(|(short, _)| short == host))?;
        Some((*long).to_owned())
    };
    named.filter(|names| names.contains(&host)).find_map(full)
}

/// Firmware of PCs only: boards boot by other ways. A container did not boot.
fn boot_mode(root: &Root, virt: &Virt) -> Option<&'static str> {
    if virt.container.is_some() {
        None
    } else if root.is_folder("/sys/firmware/efi") {
        Some("uefi")
    } else {
        root.is_folder("/sys/class/dmi/id").then_some("bios")
    }
}

/// Boards put hardware addresses and serial numbers into the kernel's command line.
fn without_secrets(line: &str, secrets: &Secrets<'_>) -> String {
    if secrets.shown() {
        return line.to_owned();
    }
    let words = line.split(' ').map(|word| match word.split_once('=') {
        Some((key, value)) if key.contains("serialno") || holds_mac(value) => format!("{key}=(hidden)"),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Six pairs of hexadecimal digits with colons or hyphens between them.
fn holds_mac(text: &str) -> bool {
    text.as_bytes().windows(17).any(|window| {
        window.iter().enumerate().all(|(index, byte)| match index % 3 {
            2 => matches!(byte, b':' | b'-'),
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::ProbeOptions;

    #[test]
    fn the_command_line_keeps_no_secrets() {
        let options = ProbeOptions::default();
        let line = "quiet smsc95xx.macaddr=DC:A6:32:01:02:03 androidboot.serialno=9f3c BOOTIF=01-dc-a6-32-01-02-03 root=/dev/sda1";
        let cleaned = without_secrets(line, &Secrets::new(&options));
        assert_eq!(
            cleaned,
            "quiet smsc95xx.macaddr=(hidden) androidboot.serialno=(hidden) BOOTIF=(hidden) root=/dev/sda1"
        );
        let shown = ProbeOptions { include_serials: true, ..options };
        assert_eq!(without_secrets(line, &Secrets::new(&shown)), line);
    }
}
