//! Inventories of whole machines, from trees of their files.

mod broken;
mod firmware;
mod here;
mod tree;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use agent::probe::{Inventory, Outside, ProbeOptions, Root, RunError, Space, inventory, table};
use firmware::Module;
use report::identity::{KeyKind, key_hash};
use report::report::Report;

const FLEET_KEY: [u8; 32] = [7; 32];

/// What a fixture's kernel answers.
#[derive(Default)]
struct Answers {
    spaces: BTreeMap<&'static str, Space>,
    addresses: Vec<(&'static str, &'static str)>,
    smartctl: Option<&'static str>,
    nvme: Option<Vec<u8>>,
}

impl Outside for Answers {
    fn space(&self, path: &Path) -> Option<Space> {
        self.spaces.get(path.to_str()?).copied()
    }

    fn addresses(&self) -> Vec<(String, IpAddr)> {
        self.addresses
            .iter()
            .map(|(name, ip)| ((*name).to_owned(), ip.parse().expect("an address")))
            .collect()
    }

    fn run(&self, program: &str, _: &[&str], _: Duration) -> Result<Vec<u8>, RunError> {
        assert_eq!(program, "smartctl");
        self.smartctl.map(|output| output.as_bytes().to_vec()).ok_or(RunError::NotPresent)
    }

    fn nvme_health(&self, _: &str) -> Result<Vec<u8>, RunError> {
        self.nvme.clone().ok_or(RunError::NotPermitted)
    }

    fn is_root(&self) -> bool {
        self.nvme.is_some()
    }
}

fn options() -> ProbeOptions {
    ProbeOptions { include_serials: false, fleet_key: Some(FLEET_KEY) }
}

fn space(total: u64, used: u64) -> Space {
    Space { total, used, available: total - used }
}

/// What the report says, and what it says is missing.
fn shown(found: &Inventory) -> serde_json::Value {
    let identity = found.keys.identity(Some(&FLEET_KEY), false);
    serde_json::json!({ "hardware": found.hardware, "identity": identity, "missing": found.missing })
}

fn has_gap(found: &Inventory, path: &str, reason: &str) -> bool {
    found.missing.iter().any(|gap| gap.path.as_str() == path && gap.reason.as_str() == reason)
}

fn proxmox() -> Inventory {
    let machine = tree::lay_out("proxmox");
    let modules =
        [("DIMM_A1", 0, ""), ("DIMM_A2", 16, "5A1B2C3D"), ("DIMM_B1", 0, ""), ("DIMM_B2", 16, "5A1B2C3E")]
            .map(|(slot, gib, serial)| Module { slot, gib, serial });
    tree::write(&machine, "/sys/firmware/dmi/tables/DMI", firmware::table(true, &modules));
    let mut page = vec![0u8; 512];
    page[1..3].copy_from_slice(&315u16.to_le_bytes());
    page[5] = 4;
    page[128] = 200;
    let answers = Answers {
        spaces: BTreeMap::from([
            ("/", space(500_000_000_000, 20_000_000_000)),
            ("/rpool", space(480_000_131_072, 131_072)),
            ("/rpool/data", space(540_000_000_000, 60_000_000_000)),
            ("/boot/efi", space(1_000_000_000, 10_000_000)),
            ("/mnt/backup", space(4_000_000_000_000, 1_500_000_000_000)),
        ]),
        addresses: vec![("lo", "127.0.0.1"), ("vmbr0", "fe80::1"), ("vmbr0", "192.0.2.10")],
        smartctl: Some(
            r#"{"smart_status":{"passed":true},"temperature":{"current":31},"power_on_time":{"hours":20123},
                "ata_smart_attributes":{"table":[{"id":5,"value":200,"raw":{"value":0}}]}}"#,
        ),
        nvme: Some(page),
    };
    inventory(&Root::at(machine.path()).with(answers), &options())
}

#[test]
fn a_server_with_ecc_memory_and_two_drives() {
    insta::assert_json_snapshot!(shown(&proxmox()));
}

#[test]
fn the_table_fits_a_terminal() {
    let text = table(&proxmox());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn data_sets_of_a_pool_are_counted_once() {
    let found = proxmox();
    let storage = found.hardware.storage.expect("storage");
    let partitions = storage.partitions.expect("partitions");
    let pools: Vec<_> =
        partitions.iter().filter(|partition| partition.fs_type.as_deref() == Some("zfs")).collect();
    assert_eq!(pools.len(), 1);
    assert_eq!(pools[0].total_gb.map(|total| total.get().round()), Some(560.0));
    assert_eq!(
        partitions.iter().filter(|partition| partition.name.as_deref() == Some("/dev/sda1")).count(),
        1
    );
}

#[test]
fn a_guest_of_kvm() {
    let machine = tree::lay_out("kvm");
    let answers = Answers {
        spaces: BTreeMap::from([("/", space(20_000_000_000, 5_000_000_000))]),
        ..Answers::default()
    };
    let root = Root::at(machine.path()).with(answers).denying("/sys/firmware/dmi/tables");
    insta::assert_json_snapshot!(shown(&inventory(&root, &options())));
}

#[test]
fn a_board_with_a_device_tree() {
    let machine = tree::lay_out("raspberry-pi-5");
    let found = inventory(&Root::at(machine.path()), &options());
    let report = Report { hardware: found.hardware.clone(), ..Report::default() };
    assert_eq!(report::kind::kind(&report), report::kind::DeviceKind::SingleBoard);
    insta::assert_json_snapshot!(shown(&found));
}

#[test]
fn a_container_shows_its_host_only_as_a_hint() {
    let machine = tree::lay_out("lxc");
    let found = inventory(&Root::at(machine.path()), &options());
    assert_eq!((&found.keys.board_serial, &found.keys.smbios_uuid), (&None, &None));
    let identity = found.keys.identity(Some(&FLEET_KEY), false);
    let of_server = key_hash(&FLEET_KEY, KeyKind::BoardSerial, "201234567890123");
    assert_eq!(identity.host_hash.as_ref().map(|hash| hash.as_str().to_owned()), of_server);
    assert_eq!(identity.mac_hashes, None, "one end of a pair is no adapter");
    insta::assert_json_snapshot!(shown(&found));
}

#[test]
fn a_container_with_its_own_processes() {
    let machine = tree::lay_out("docker");
    let found = inventory(&Root::at(machine.path()), &options());
    let os = found.hardware.os.expect("a system");
    assert_eq!(os.virtualization_type.as_deref(), Some("docker"));
    let partitions = found.hardware.storage.expect("storage").partitions.expect("partitions");
    let names: Vec<_> = partitions.iter().filter_map(|partition| partition.name.as_deref()).collect();
    assert_eq!(names, ["overlay"], "files of the host mounted over the container's are no file systems");
}

#[test]
fn a_mark_on_the_disk_alone_makes_no_container() {
    let machine = tree::lay_out("kvm");
    tree::write(&machine, "/.dockerenv", "");
    for (kind, number) in [("pid", 4_026_531_836u64), ("uts", 4_026_531_838)] {
        let folder = machine.path().join("proc/self/ns");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::os::unix::fs::symlink(format!("{kind}:[{number}]"), folder.join(kind)).expect("a link");
    }
    let os = inventory(&Root::at(machine.path()), &options()).hardware.os.expect("a system");
    assert_eq!(os.virtualization_type.as_deref(), Some("kvm"));
}

#[test]
fn a_laptop_without_root() {
    let machine = tree::lay_out("laptop");
    let mut root = Root::at(machine.path()).with(Answers::default()).denying("/sys/firmware/dmi/tables");
    for file in ["product_uuid", "board_serial", "product_serial", "chassis_serial"] {
        root = root.denying(&format!("/sys/class/dmi/id/{file}"));
    }
    let found = inventory(&root, &options());
    assert!(has_gap(&found, "hardware.ram.layout", "needs_root"));
    assert!(has_gap(&found, "identity.board_serial_hash", "needs_root"));
    assert!(has_gap(&found, "hardware.storage.devices.smart_health", "needs_root"));
    insta::assert_json_snapshot!(shown(&found));
}

#[test]
fn without_a_fleet_key_nothing_is_hashed() {
    let machine = tree::lay_out("raspberry-pi-5");
    let found = inventory(&Root::at(machine.path()), &ProbeOptions::default());
    assert!(has_gap(&found, "identity", "no_fleet_key"));
    let json = shown(&found)["hardware"].to_string();
    assert!(!json.contains("_hash"), "{json}");
    assert_eq!(found.keys.identity(None, false).mac_hashes, None);
}

#[test]
fn serial_numbers_are_shown_only_when_asked_for() {
    const SECRETS: [&str; 3] = ["1f2e3d4c5b6a7988", "2c:cf:67:01:02:03", "0x8c8ab2c1"];
    let machine = tree::lay_out("raspberry-pi-5");
    let hidden = inventory(&Root::at(machine.path()), &options());
    let hidden = format!("{} {:?}", shown(&hidden), hidden).to_lowercase();
    let shown_too = ProbeOptions { include_serials: true, ..options() };
    let clear = shown(&inventory(&Root::at(machine.path()), &shown_too)).to_string().to_lowercase();
    for secret in SECRETS {
        assert!(!hidden.contains(secret), "{secret} in {hidden}");
        assert!(clear.contains(secret), "{secret} not in {clear}");
    }
}
