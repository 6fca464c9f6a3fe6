//! What makes a new snapshot, and what does not.

use report::facts::{Facts, device_name, facts, hardware, readings};
use report::hardware::Hardware;
use report::missing::Missing;
use serde_json::json;

fn of(hardware: serde_json::Value) -> Hardware {
    serde_json::from_value(hardware).unwrap()
}

fn seen(hardware: serde_json::Value) -> Facts {
    facts(&of(hardware))
}

#[test]
fn readings_do_not_make_a_snapshot() {
    let one = json!({"ram": {"total_mb": 7800, "installed_mb": 8192, "used_mb": 100},
        "storage": {"devices": [{"name": "sda", "model": "X", "temperature_c": 30, "power_on_hours": 10,
            "link": {"speed": "2.5 GT/s", "max_speed": "8.0 GT/s"}}]},
        "network": {"interfaces": [{"name": "eth0", "ip": "10.0.0.1", "speed_mbps": 1000}]},
        "sensors": {"cpu_temp_c": 50}});
    let other = json!({"ram": {"total_mb": 7801, "installed_mb": 8192, "used_mb": 900},
        "storage": {"devices": [{"name": "/dev/sda", "model": "X", "temperature_c": 45, "power_on_hours": 99,
            "link": {"speed": "8.0 GT/s", "max_speed": "8.0 GT/s"}}]},
        "network": {"interfaces": [{"name": "eth0", "ip": "10.0.0.2", "speed_mbps": 100}]}});
    assert_eq!(seen(one.clone()).fingerprint(), seen(other).fingerprint());
    let readings = readings(&of(one));
    assert_eq!(readings["ram"]["total_mb"], 7800);
    assert_eq!(readings["storage"]["devices"]["sda"]["temperature_c"], 30.0);
    assert_eq!(readings["network"]["interfaces"]["eth0"]["ip"], "10.0.0.1");
}

#[test]
fn order_makes_no_snapshot() {
    let one = json!({"cpu": {"flags": ["avx2", "aes", "aes"]}, "ram": {"layout": [
        {"slot": "DIMM 0", "size_mb": 8192, "part_number": "A"}, {"slot": "DIMM 0", "size_mb": 4096},
        {"slot": "B", "size_mb": 1}]}});
    let other = json!({"cpu": {"flags": ["aes", "avx2"]}, "ram": {"layout": [
        {"slot": "B", "size_mb": 1.0}, {"slot": "DIMM 0", "size_mb": 4096},
        {"slot": "DIMM 0", "size_mb": 8192, "part_number": "A"}]}});
    assert_eq!(seen(one.clone()), seen(other));
    // Both modules of the same slot are there.
    let again = hardware(&seen(one), &json!({})).unwrap();
    assert_eq!(again.ram.unwrap().layout.unwrap().len(), 3);
}

#[test]
fn what_comes_and_goes_makes_no_snapshot() {
    let quiet = json!({"storage": {"devices": [{"name": "sda"}], "partitions": [
        {"name": "sda1", "mount_point": "/", "fs_type": "ext4", "total_gb": 10}]},
        "network": {"interfaces": [{"name": "eno1"}, {"name": "vmbr0", "type": "bridge"}]}});
    let busy = json!({"storage": {"devices": [{"name": "sda"}, {"name": "loop3"}, {"name": "/dev/zram0"}], "partitions": [
        {"name": "sda1", "mount_point": "/", "fs_type": "ext4", "total_gb": 10},
        {"name": "loop3", "mount_point": "/snap/core/1", "fs_type": "squashfs"},
        {"name": "sdz1", "mount_point": "/run/media/ada/STICK", "fs_type": "vfat"}]},
        "network": {"interfaces": [{"name": "vmbr0", "type": "bridge"}, {"name": "eno1"},
            {"name": "veth91ab", "type": "veth"}, {"name": "tap100i0"}, {"name": "docker0", "type": "bridge"},
            {"name": "br-0a1b2c3d4e5f", "type": "bridge"}, {"name": "wg0"}]}});
    assert_eq!(seen(quiet), seen(busy.clone()));
    let again = hardware(&seen(busy.clone()), &readings(&of(busy))).unwrap();
    assert_eq!(again.network.unwrap().interfaces.unwrap().len(), 7, "but they are in the report");
}

#[test]
fn a_volume_of_a_pool_may_change_its_size() {
    let zfs = |total| json!({"storage": {"partitions": [{"name": "rpool/data", "mount_point": "/d", "fs_type": "zfs", "total_gb": total}]}});
    assert_eq!(seen(zfs(10)), seen(zfs(11)));
    let ext4 = |total| json!({"storage": {"partitions": [{"name": "sda1", "mount_point": "/d", "fs_type": "ext4", "total_gb": total}]}});
    assert_ne!(seen(ext4(10)), seen(ext4(11)));
}

#[test]
fn a_private_wireless_address_is_a_reading() {
    let wlan = |mac| json!({"network": {"interfaces": [{"name": "wlan0", "mac": mac}]}});
    assert_eq!(seen(wlan("da:a1:19:00:00:01")), seen(wlan("ea:a1:19:00:00:02")));
    assert_ne!(seen(wlan("3c:7c:3f:00:00:01")), seen(wlan("3c:7c:3f:00:00:02")));
}

#[test]
fn blank_text_is_absent() {
    let blank = json!({"cpu": {"vendor": " ", "model": "M"}, "motherboard": {"vendor": ""}});
    assert_eq!(seen(blank), seen(json!({"cpu": {"model": "M"}})));
    assert!(seen(json!({"os": {"name": ""}})).is_empty());
}

#[test]
fn one_graphics_card_of_an_old_client_is_a_list_of_one() {
    let card = json!({"vendor": "AMD", "model": "RX"});
    assert_eq!(seen(json!({"gpu": card})), seen(json!({"gpus": [card]})));
    assert_eq!(seen(json!({"gpu": null})), seen(json!({})));
}

#[test]
fn a_run_without_root_is_no_change() {
    let root = seen(json!({"motherboard": {"model": "B", "bios_version": "1"}, "ram": {"installed_mb": 8192,
        "layout": [{"slot": "A", "size_mb": 8192}]}, "storage": {"devices": [{"name": "sda", "model": "X", "firmware": "F1"}]}}));
    let user =
        seen(json!({"motherboard": {"model": "B"}, "storage": {"devices": [{"name": "sda", "model": "X"}]}}));
    assert_eq!(user.over(&root, &[]), root);
}

#[test]
fn a_replaced_part_takes_nothing_over() {
    let before = seen(
        json!({"cpu": {"model": "Old", "tdp_w": 65}, "storage": {"devices": [{"name": "sda", "model": "X", "firmware": "F1"}]}}),
    );
    let after = json!({"cpu": {"model": "New"}, "storage": {"devices": [{"name": "sda", "model": "Y"}]}});
    assert_eq!(seen(after.clone()).over(&before, &[]), seen(after));
}

#[test]
fn modules_do_not_move_to_another_board() {
    let before = seen(json!({"motherboard": {"model": "B1"}, "ram": {"layout": [{"slot": "A"}]}}));
    let after = seen(json!({"motherboard": {"model": "B2"}}));
    assert_eq!(after.over(&before, &[]), after);
}

#[test]
fn a_list_is_seen_whole_unless_it_is_missing() {
    let two =
        seen(json!({"storage": {"devices": [{"name": "sda"}, {"name": "sdb"}]}, "gpus": [{"model": "RX"}]}));
    let one = seen(json!({"storage": {"devices": [{"name": "sda"}]}, "gpus": []}));
    assert_eq!(one.over(&two, &[]), one);
    let gaps = ["hardware.storage", "hardware.gpus"].map(|path| Missing::new(path, "needs_root", None));
    assert_eq!(one.over(&two, &gaps), two);
}

#[test]
fn a_field_that_stands_in_missing_carries_over() {
    let before = seen(json!({"cpu": {"model": "M", "microcode": "0x10"}}));
    let now = seen(json!({"cpu": {"model": "M", "microcode": "0x0"}}));
    assert_eq!(now.over(&before, &[Missing::new("hardware.cpu.microcode", "needs_root", None)]), before);
    assert_eq!(now.over(&before, &[]), now);
}

#[test]
fn mitigations_are_replaced_whole() {
    let with = |map: serde_json::Value| seen(json!({"cpu": {"mitigations": map}}));
    let now = with(json!({"b": "Vulnerable"}));
    assert_eq!(now.over(&with(json!({"a": "Mitigation", "b": "Vulnerable"})), &[]), now);
}

#[test]
fn names_of_drives_have_one_spelling() {
    for (sent, served) in [
        ("sda", "/dev/sda"),
        ("/dev/sda", "/dev/sda"),
        ("mapper/vg-root", "/dev/mapper/vg-root"),
        ("rpool/ROOT/pve-1", "rpool/ROOT/pve-1"),
        ("nas:/export", "nas:/export"),
        ("tmpfs", "tmpfs"),
        ("", ""),
    ] {
        assert_eq!(device_name(sent), served);
    }
}

#[test]
fn stored_facts_come_back() {
    let facts = seen(json!({"cpu": {"model": "M", "base_freq_ghz": 2.0}, "gpus": []}));
    assert_eq!(Facts::from_json(&facts.to_json()).unwrap(), facts);
    assert!(Facts::from_json("[]").is_err());
    insta::assert_snapshot!(facts.to_json(), @r#"{"cpu":{"base_freq_ghz":2.0,"model":"M"},"gpus":{}}"#);
}
