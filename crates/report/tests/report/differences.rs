//! What is told of two snapshots.

use proptest::prelude::*;
use report::facts::{Difference, Facts, Known, Learned, differences, facts};
use report::missing::Missing;
use serde_json::{Value, json};

fn seen(hardware: Value) -> Facts {
    facts(&serde_json::from_value(hardware).unwrap())
}

fn told(before: &Facts, after: &Facts) -> Vec<Difference> {
    differences(Known { facts: before, missing: &[] }, Known { facts: after, missing: &[] })
}

/// One line per difference.
fn lines(before: Value, after: Value) -> Vec<String> {
    let line = |one: &Difference| format!("{} {}: {} -> {}", one.section, one.path, one.before, one.after);
    told(&seen(before), &seen(after)).iter().map(line).collect()
}

#[test]
fn what_changed_is_told_by_its_place() {
    let before = json!({
        "os": {"kernel_version": "6.1.0", "name": "debian"},
        "motherboard": {"model": "B", "bios_version": "1.0"},
        "cpu": {"model": "M", "flags": ["aes", "avx2", "sse2"], "mitigations": {"meltdown": "Mitigation: PTI"}},
    });
    let after = json!({
        "cpu": {"model": "M", "flags": ["sse2", "avx512f", "aes"],
            "mitigations": {"meltdown": "Mitigation: PTI", "retbleed": "Vulnerable"}},
        "motherboard": {"model": "B", "bios_version": "1.2"},
        "os": {"kernel_version": "6.12.0", "name": "debian"},
    });
    assert_eq!(
        lines(before, after),
        [
            r#"cpu cpu.flags: ["avx2"] -> ["avx512f"]"#,
            r#"cpu cpu.mitigations.retbleed: null -> "Vulnerable""#,
            r#"motherboard motherboard.bios_version: "1.0" -> "1.2""#,
            r#"os os.kernel_version: "6.1.0" -> "6.12.0""#,
        ]
    );
}

fn modules(list: Value) -> Value {
    json!({ "ram": { "layout": list } })
}

#[test]
fn a_module_is_gone_grows_or_moves() {
    let two = modules(json!([
        {"slot": "DIMM_A1", "size_mb": 8192, "serial_hash": "a"},
        {"slot": "DIMM_B1", "size_mb": 8192, "serial_hash": "b"},
    ]));
    let one = modules(json!([{"slot": "DIMM_A1", "size_mb": 8192, "serial_hash": "a"}]));
    assert_eq!(
        lines(two.clone(), one.clone()),
        [r#"ram ram.layout[DIMM_B1]: {"serial_hash":"b","size_mb":8192,"slot":"DIMM_B1"} -> null"#]
    );
    let moved = modules(json!([{"slot": "DIMM_B2", "size_mb": 8192, "serial_hash": "a"}]));
    assert_eq!(lines(one, moved), [r#"ram ram.layout[DIMM_A1].slot: "DIMM_A1" -> "DIMM_B2""#]);
    let swapped = modules(json!([
        {"slot": "DIMM_B1", "size_mb": 8192, "serial_hash": "a"},
        {"slot": "DIMM_A1", "size_mb": 8192, "serial_hash": "b"},
    ]));
    assert_eq!(
        lines(two, swapped),
        [
            r#"ram ram.layout[DIMM_A1].slot: "DIMM_A1" -> "DIMM_B1""#,
            r#"ram ram.layout[DIMM_B1].slot: "DIMM_B1" -> "DIMM_A1""#,
        ]
    );
    let small = modules(json!([{"slot": "DIMM_A1", "size_mb": 8192}]));
    let large = modules(json!([{"slot": "DIMM_A1", "size_mb": 16384}]));
    assert_eq!(lines(small, large), ["ram ram.layout[DIMM_A1].size_mb: 8192 -> 16384"]);
}

#[test]
fn a_drive_is_the_same_under_another_name_and_another_one_under_the_same() {
    let drive =
        |name: &str, model: &str, serial: &str| json!({"name": name, "model": model, "serial_hash": serial});
    let disks = |one: Value, other: Value, root: &str| {
        json!({"storage": {"devices": [one, other],
            "partitions": [{"mount_point": "/", "name": root, "fs_type": "ext4"}]}})
    };
    let before = disks(drive("sda", "X", "1"), drive("sdb", "Y", "2"), "sda1");
    let renamed = disks(drive("sdb", "X", "1"), drive("sda", "Y", "2"), "sdb1");
    assert_eq!(lines(before.clone(), renamed), [""; 0], "the kernel found them in another order");
    let replaced = disks(drive("sda", "X", "3"), drive("sdb", "Y", "2"), "sda1");
    assert_eq!(
        lines(before.clone(), replaced),
        [
            r#"storage storage.devices[/dev/sda]: {"model":"X","name":"/dev/sda","serial_hash":"1"} -> null"#,
            r#"storage storage.devices[/dev/sda]: null -> {"model":"X","name":"/dev/sda","serial_hash":"3"}"#,
        ]
    );
    let moved = disks(drive("sda", "X", "1"), drive("sdb", "Y", "2"), "sdb1");
    assert_eq!(lines(before, moved), [r#"storage storage.partitions[/].name: "/dev/sda1" -> "/dev/sdb1""#]);
}

#[test]
fn a_link_at_half_width_is_told_and_one_that_saves_power_is_not() {
    let link = |width: u32, speed: &str| {
        json!({"storage": {"devices": [{"name": "nvme0n1", "model": "X",
            "link": {"width": width, "max_width": 4, "speed": speed, "max_speed": "8.0 GT/s"}}]}})
    };
    assert_eq!(lines(link(4, "8.0 GT/s"), link(4, "2.5 GT/s")), [""; 0]);
    assert_eq!(
        lines(link(4, "8.0 GT/s"), link(2, "8.0 GT/s")),
        ["storage storage.devices[/dev/nvme0n1].link.width: 4 -> 2"]
    );
}

#[test]
fn cards_are_told_by_model_and_found_by_address() {
    let before = json!({"gpus": [{"model": "RX 7600", "pci_id": "1002:7480", "driver_version": "1"}]});
    let after = json!({"gpus": [{"model": "RX 7600", "pci_id": "1002:7480", "driver_version": "2"}]});
    let old_client = json!({"gpu": {"model": "RX 7600"}});
    assert_eq!(lines(before.clone(), after), [r#"gpus gpus[RX 7600].driver_version: "1" -> "2""#]);
    assert_eq!(lines(before.clone(), old_client), [""; 0], "an old client does not know the address");
    assert_eq!(lines(before, json!({"gpus": []})).len(), 1, "it was taken out");
    let port = |name: &str, mac: &str| json!({"network": {"interfaces": [{"name": name, "mac_hash": mac}]}});
    assert_eq!(
        lines(port("eth0", "a"), port("enp3s0", "a")),
        [r#"network network.interfaces[eth0].name: "eth0" -> "enp3s0""#]
    );
    assert_eq!(lines(port("eth0", "a"), port("eth0", "b")).len(), 2, "another card");
}

#[test]
fn what_is_not_known_is_no_difference() {
    let root = json!({"ram": {"installed_mb": 8192, "layout": [{"slot": "A", "size_mb": 8192}]},
        "motherboard": {"model": "B", "bios_version": "1"},
        "storage": {"devices": [{"name": "sda", "model": "X", "firmware": "F"}]}});
    let user = json!({"ram": {"total_mb": 7900}, "motherboard": {"model": "B"},
        "storage": {"devices": [{"name": "sda", "model": "X", "temperature_c": 30}]}});
    assert_eq!(lines(root.clone(), user.clone()), [""; 0]);
    assert_eq!(lines(user, root), [""; 0]);
    let (none, one) = (seen(json!({"gpus": []})), seen(json!({"gpus": [{"model": "RX"}]})));
    assert_eq!(told(&none, &one).len(), 1);
    let gap = [Missing::new("hardware.gpus", "not_exposed", None)];
    assert_eq!(differences(Known { facts: &none, missing: &gap }, Known { facts: &one, missing: &[] }), []);
    assert_eq!(differences(Known { facts: &one, missing: &[] }, Known { facts: &none, missing: &gap }), []);
}

fn part(fields: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let value = prop_oneof![Just(None), (0..3_u32).prop_map(|n| Some(format!("v{n}")))];
    prop::collection::vec(value, fields.len()).prop_map(move |values| {
        fields
            .iter()
            .zip(values)
            .filter_map(|(field, value)| Some((field.to_string(), json!(value?))))
            .collect()
    })
}

fn parts(fields: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::collection::vec(part(fields), 0..5).prop_map(Value::from)
}

prop_compose! {
    fn machine()(
        layout in parts(&["slot", "part_number", "serial_hash", "vendor"]),
        devices in parts(&["name", "model", "serial_hash", "firmware"]),
        partitions in parts(&["name", "mount_point", "fs_type"]),
        interfaces in parts(&["name", "mac_hash", "driver"]),
        gpus in parts(&["pci_id", "model", "driver_version"]),
        cpu in part(&["model", "vendor", "microcode"]),
        os in part(&["name", "kernel_version"]),
    ) -> Facts {
        seen(json!({"cpu": cpu, "os": os, "gpus": gpus, "ram": {"layout": layout},
            "storage": {"devices": devices, "partitions": partitions}, "network": {"interfaces": interfaces}}))
    }
}

/// What differs, whichever side comes first: a part that moved is called by its old place.
fn values(all: &[Difference], turned: bool) -> Vec<String> {
    let value = |one: &Difference| {
        let Difference { section, path: _, before, after } = one;
        let (before, after) = if turned { (after, before) } else { (before, after) };
        format!("{section} {before} {after}")
    };
    let mut values: Vec<String> = all.iter().map(value).collect();
    values.sort();
    values
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(machine in machine()) {
        prop_assert_eq!(told(&machine, &machine), []);
    }

    #[test]
    fn turned_round_before_and_after_change_places(one in machine(), other in machine()) {
        prop_assert_eq!(values(&told(&one, &other), false), values(&told(&other, &one), true));
    }

    #[test]
    fn a_snapshot_is_made_exactly_where_there_is_something_to_tell(one in machine(), other in machine()) {
        let learned = other.learn(&one, &[]);
        prop_assert_eq!(learned.news, !told(&one, &other).is_empty(), "{:?}", told(&one, &other));
        prop_assert_eq!(learned.news, !told(&one, &learned.facts).is_empty());
        let again = other.learn(&learned.facts, &[]);
        prop_assert_eq!(&again, &Learned { facts: learned.facts.clone(), news: false }, "once more, it is nothing new");
    }

    #[test]
    fn what_is_told_differs_and_is_told_in_order(one in machine(), other in machine()) {
        let told = told(&one, &other);
        prop_assert!(told.iter().all(|one| one.before != one.after));
        let order = ["cpu", "ram", "gpus", "storage", "network", "os"];
        let places: Vec<_> = told.iter().map(|one| order.iter().position(|name| *name == one.section)).collect();
        prop_assert!(places.is_sorted() && !places.contains(&None));
    }
}

#[test]
fn what_the_kernel_numbered_anew_and_what_was_rounded_is_no_difference() {
    let ports = |one: &str, other: &str| json!({"network": {"interfaces": [{"name": one, "mac_hash": "a"}, {"name": other, "mac_hash": "b"}]}});
    assert_eq!(lines(ports("eth0", "eth1"), ports("eth1", "eth0")), [""; 0]);
    assert_eq!(
        lines(ports("eth0", "eth1"), ports("eth0", "enp2s0")).len(),
        1,
        "another name, not another number"
    );
    let sized = |gb: f64| json!({"storage": {"partitions": [{"mount_point": "/", "total_gb": gb}]}});
    assert_eq!(lines(sized(100.0), sized(100.000_001)), [""; 0]);
    assert_eq!(lines(sized(100.0), sized(100.1)).len(), 1);
}
