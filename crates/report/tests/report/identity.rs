//! Whose report is it? Every case that there is, one after the other.

use std::collections::BTreeSet;

use report::DeviceKind::{self, BareMetal, Container, Vm};
use report::identity::KeyKind::{BoardSerial, ChassisSerial, Mac, MachineId, SmbiosUuid};
use report::identity::{Candidate, Claim, Decision, Hint, KeyKind, claim, decide, key_hash, part_hash};
use serde_json::json;

use crate::with;

type Keys<'a> = &'a [(KeyKind, &'a str)];

fn set(keys: Keys<'_>) -> BTreeSet<(KeyKind, String)> {
    keys.iter().map(|(kind, key)| (*kind, (*key).to_owned())).collect()
}

fn says(kind: DeviceKind, name: &str, keys: Keys<'_>) -> Claim {
    Claim { name: name.to_owned(), name_explicit: false, kind, keys: set(keys), host_hash: None }
}

fn named(kind: DeviceKind, name: &str, keys: Keys<'_>) -> Claim {
    Claim { name_explicit: true, ..says(kind, name, keys) }
}

fn known(device_id: i64, kind: DeviceKind, name: &str, keys: Keys<'_>) -> Candidate {
    Candidate { device_id, name: name.to_owned(), name_explicit: false, kind, keys: set(keys) }
}

fn known_as(device_id: i64, kind: DeviceKind, name: &str, keys: Keys<'_>) -> Candidate {
    Candidate { name_explicit: true, ..known(device_id, kind, name, keys) }
}

fn existing(device_id: i64) -> Decision {
    Decision::Existing { device_id, hints: vec![] }
}

fn new(name: &str, hints: Vec<Hint>) -> Decision {
    Decision::New { name: name.to_owned(), hints }
}

const PC: Keys<'_> =
    &[(BoardSerial, "b1"), (ChassisSerial, "c1"), (SmbiosUuid, "u1"), (MachineId, "m1"), (Mac, "a1")];

#[test]
fn a_first_report_makes_a_device() {
    assert_eq!(decide(&says(BareMetal, "nas", PC), &[]), new("nas", vec![]));
}

#[test]
fn an_explicit_name_on_the_same_keys_is_another_logical_device() {
    let host = known(1, BareMetal, "nas", PC);
    assert_eq!(decide(&named(BareMetal, "other", PC), &[host]), new("other", vec![Hint::SameHardwareAs(1)]));
}

#[test]
fn the_explicit_name_of_a_known_device_is_that_device() {
    let devices = [known(1, BareMetal, "nas", PC), known_as(2, BareMetal, "other", PC)];
    let decision = decide(&named(BareMetal, "other", PC), &devices);
    assert_eq!(decision, Decision::Existing { device_id: 2, hints: vec![Hint::SameHardwareAs(1)] });
}

#[test]
fn without_a_name_the_hosts_own_device_comes_before_named_ones() {
    let mut devices = vec![known_as(1, BareMetal, "alpha", PC), known_as(2, BareMetal, "beta", PC)];
    let plain = says(BareMetal, "nas", PC);
    let first_named = Decision::Existing { device_id: 1, hints: vec![Hint::SameHardwareAs(2)] };
    assert_eq!(decide(&plain, &devices), first_named);
    devices.push(known(3, BareMetal, "nas", &[(MachineId, "m1")]));
    let own = vec![Hint::SameHardwareAs(1), Hint::SameHardwareAs(2)];
    assert_eq!(decide(&plain, &devices), Decision::Existing { device_id: 3, hints: own.clone() });
    // Renamed since: still its own device, not one that a person named.
    let renamed = says(BareMetal, "nas-new", PC);
    assert_eq!(decide(&renamed, &devices), Decision::Existing { device_id: 3, hints: own });
}

#[test]
fn an_explicit_name_wins_even_if_keys_point_to_two_devices() {
    let a = known(1, BareMetal, "a", &[(BoardSerial, "b1"), (MachineId, "old")]);
    let b = known(2, BareMetal, "b", &[(BoardSerial, "b2"), (MachineId, "m1")]);
    let claim = named(BareMetal, "b", &[(BoardSerial, "b1"), (MachineId, "m1")]);
    let decision = decide(&claim, &[a, b]);
    let hints = vec![Hint::KeysPointTo(vec![1]), Hint::BoardChanged];
    assert_eq!(decision, Decision::Existing { device_id: 2, hints });
}

#[test]
fn a_machine_whose_name_was_taken_is_found_under_its_number_every_time() {
    let other: Keys<'_> = &[(MachineId, "m2"), (Mac, "a2")];
    let taken = [known_as(1, BareMetal, "other", PC)];
    let claim = named(BareMetal, "other", other);
    assert_eq!(decide(&claim, &taken), new("other-2", vec![Hint::MergeWith(1)]));
    let both = [known_as(1, BareMetal, "other", PC), known_as(2, BareMetal, "other-2", other)];
    assert_eq!(decide(&claim, &both), existing(2));
    // A name as long as names can be is cut for its number.
    let long = "n".repeat(255);
    let cut = format!("{}-2", &long[2..]);
    let both = [known_as(1, BareMetal, &long, PC), known_as(2, BareMetal, &cut, other)];
    assert_eq!(decide(&named(BareMetal, &long, other), &both), existing(2));
    // Nobody else has the name: a number is part of another one.
    let one = [known_as(2, BareMetal, "other-2", other)];
    assert_eq!(decide(&claim, &one), new("other", vec![Hint::SameHardwareAs(2)]));
}

#[test]
fn of_clones_that_share_the_only_key_that_is_seen_the_one_of_that_name_is_meant() {
    let clones = [
        known(1, Vm, "web1", &[(MachineId, "m1"), (SmbiosUuid, "u1")]),
        known(2, Vm, "web2", &[(MachineId, "m1"), (SmbiosUuid, "u2")]),
    ];
    for (name, own, other) in [("web1", 1, 2), ("web2", 2, 1), ("elsewhere", 1, 2)] {
        let decision = decide(&says(Vm, name, &[(MachineId, "m1")]), &clones);
        let hints = vec![Hint::KeysPointTo(vec![other])];
        assert_eq!(decision, Decision::Existing { device_id: own, hints }, "{name}");
    }
    let booted = [
        known(1, BareMetal, "q1", &[(MachineId, "m1"), (Mac, "a1")]),
        known(2, BareMetal, "q2", &[(MachineId, "m1"), (Mac, "a2")]),
    ];
    let decision = decide(&says(BareMetal, "q2", &[(MachineId, "m1")]), &booted);
    assert!(matches!(decision, Decision::Existing { device_id: 2, .. }), "{decision:?}");
}

#[test]
fn a_changed_host_name_is_the_same_device() {
    assert_eq!(decide(&says(BareMetal, "new-name", PC), &[known(1, BareMetal, "nas", PC)]), existing(1));
    assert_eq!(decide(&says(Vm, "new-name", PC), &[known(1, Vm, "nas", PC)]), existing(1));
}

#[test]
fn a_run_without_root_sees_fewer_keys_and_is_the_same_device() {
    let seen = says(BareMetal, "nas", &[(MachineId, "m1"), (Mac, "a1")]);
    assert_eq!(decide(&seen, &[known(1, BareMetal, "nas", PC)]), existing(1));
    let first = known(1, BareMetal, "nas", &[(MachineId, "m1")]);
    assert_eq!(decide(&says(BareMetal, "nas", PC), &[first]), existing(1));
}

#[test]
fn a_reinstalled_machine_is_the_same_device() {
    let keys: Keys<'_> = &[(BoardSerial, "b1"), (SmbiosUuid, "u1"), (MachineId, "m2"), (Mac, "a1")];
    assert_eq!(decide(&says(BareMetal, "fresh", keys), &[known(1, BareMetal, "nas", PC)]), existing(1));
    let unprivileged: Keys<'_> = &[(MachineId, "m2"), (Mac, "a1")];
    assert_eq!(
        decide(&says(BareMetal, "fresh", unprivileged), &[known(1, BareMetal, "nas", PC)]),
        existing(1)
    );
}

#[test]
fn bare_metal_with_another_board_is_the_same_device() {
    let keys: Keys<'_> = &[(BoardSerial, "b2"), (SmbiosUuid, "u2"), (MachineId, "m1"), (Mac, "a2")];
    let decision = decide(&says(BareMetal, "nas", keys), &[known(1, BareMetal, "nas", PC)]);
    assert_eq!(decision, Decision::Existing { device_id: 1, hints: vec![Hint::BoardChanged] });
    // The network card moved along: even the name may change.
    let keys: Keys<'_> = &[(BoardSerial, "b2"), (MachineId, "m1"), (Mac, "a1")];
    let decision = decide(&says(BareMetal, "renamed", keys), &[known(1, BareMetal, "nas", PC)]);
    assert_eq!(decision, Decision::Existing { device_id: 1, hints: vec![Hint::BoardChanged] });
}

#[test]
fn a_cloned_virtual_machine_is_another_device() {
    let original = known(1, Vm, "web", &[(SmbiosUuid, "u1"), (MachineId, "m1")]);
    let clone: Keys<'_> = &[(SmbiosUuid, "u2"), (MachineId, "m1")];
    assert_eq!(
        decide(&says(Vm, "web2", clone), std::slice::from_ref(&original)),
        new("web2", vec![Hint::CopyOf(1)])
    );
    assert_eq!(decide(&says(Vm, "web", clone), &[original]), new("web-2", vec![Hint::CopyOf(1)]));
}

#[test]
fn the_clone_keeps_its_device_afterwards() {
    let original = known(1, Vm, "web", &[(SmbiosUuid, "u1"), (MachineId, "m1")]);
    let clone = known(2, Vm, "web-2", &[(SmbiosUuid, "u2"), (MachineId, "m1")]);
    let again = says(Vm, "web", &[(SmbiosUuid, "u2"), (MachineId, "m1")]);
    assert_eq!(decide(&again, &[original, clone]), existing(2));
}

#[test]
fn a_container_never_goes_by_its_hosts_keys() {
    let fleet = [7; 32];
    let hash = key_hash(&fleet, BoardSerial, "PF0XYZ12").unwrap();
    let inside = with(json!({
        "identity": {"board_serial_hash": hash, "host_hash": hash, "machine_id_hash": hash},
        "hardware": {"os": {"virtualization_type": "lxc"}},
    }));
    let claim = claim(&inside, &fleet);
    assert_eq!(claim.kind, Container);
    assert!(claim.keys.is_empty(), "{claim:?}");
    assert_eq!(claim.host_hash.as_deref(), Some(hash.as_str()));
    // The host's device holds the very hash.
    let host = known(1, BareMetal, "pve", &[(BoardSerial, &hash)]);
    assert_eq!(decide(&claim, &[host]), new("box", vec![]));
}

#[test]
fn a_container_under_its_hosts_name_is_not_its_host() {
    let host = known(1, BareMetal, "pve", PC);
    let inside = says(Container, "pve", &[]);
    assert_eq!(decide(&inside, std::slice::from_ref(&host)), new("pve-2", vec![]));
    // It finds its own device again, though that has another name.
    let own = known(2, Container, "pve-2", &[]);
    assert_eq!(decide(&inside, &[host, own]), existing(2));
}

#[test]
fn boards_booted_from_one_image_are_two_devices() {
    let first = known(1, DeviceKind::SingleBoard, "pi-a", &[(MachineId, "m1"), (Mac, "a1")]);
    let second: Keys<'_> = &[(MachineId, "m1"), (Mac, "a2")];
    let decision = decide(&says(DeviceKind::SingleBoard, "pi-b", second), std::slice::from_ref(&first));
    assert_eq!(decision, new("pi-b", vec![Hint::CopyOf(1)]));
    // The same name too: one board that took over the card of another.
    assert_eq!(decide(&says(DeviceKind::SingleBoard, "pi-a", second), &[first]), existing(1));
}

#[test]
fn only_the_name_is_equal() {
    let other: Keys<'_> = &[(BoardSerial, "b9"), (MachineId, "m9")];
    let nas = known(1, BareMetal, "nas", PC);
    let claim = says(BareMetal, "nas", other);
    assert_eq!(decide(&claim, std::slice::from_ref(&nas)), new("nas-2", vec![Hint::MergeWith(1)]));
    let second = known(2, BareMetal, "nas-2", &[(MachineId, "m8")]);
    let third = known(3, BareMetal, "nas-4", &[(MachineId, "m7")]);
    assert_eq!(decide(&claim, &[nas.clone(), second.clone()]), new("nas-3", vec![Hint::MergeWith(1)]));
    assert_eq!(decide(&claim, &[nas.clone(), second, third]), new("nas-3", vec![Hint::MergeWith(1)]));
    let own = known(5, BareMetal, "nas-2", other);
    assert_eq!(decide(&claim, &[nas, own]), existing(5));
}

#[test]
fn a_suffix_never_makes_a_name_too_long() {
    let long = "ä".repeat(255);
    let device = known(1, BareMetal, &long, PC);
    let Decision::New { name, .. } = decide(&says(BareMetal, &long, &[(MachineId, "m9")]), &[device]) else {
        panic!("expected a new device");
    };
    assert_eq!(name.chars().count(), 255);
    assert!(name.ends_with("-2"));
}

#[test]
fn keys_that_point_to_two_devices_are_not_merged() {
    let by_board = known(1, BareMetal, "a", &[(BoardSerial, "b1"), (MachineId, "m8")]);
    let by_machine = known(2, BareMetal, "b", &[(BoardSerial, "b2"), (MachineId, "m1")]);
    let claim = says(BareMetal, "b", &[(BoardSerial, "b1"), (MachineId, "m1")]);
    let decision = decide(&claim, &[by_machine, by_board]);
    assert_eq!(decision, Decision::Existing { device_id: 1, hints: vec![Hint::KeysPointTo(vec![2])] });
}

#[test]
fn nodes_in_one_chassis_are_several_devices() {
    let node = known(1, BareMetal, "node1", PC);
    let sibling: Keys<'_> =
        &[(BoardSerial, "b2"), (ChassisSerial, "c1"), (SmbiosUuid, "u2"), (MachineId, "m2"), (Mac, "a2")];
    assert_eq!(decide(&says(BareMetal, "node2", sibling), &[node]), new("node2", vec![]));
}

#[test]
fn a_moved_network_card_does_not_take_the_device_along() {
    let elsewhere: Keys<'_> = &[(BoardSerial, "b2"), (MachineId, "m2"), (Mac, "a1")];
    assert_eq!(
        decide(&says(BareMetal, "pc", elsewhere), &[known(1, BareMetal, "nas", PC)]),
        new("pc", vec![])
    );
}

#[test]
fn old_clients_go_by_name() {
    assert_eq!(decide(&says(BareMetal, "nas", &[]), &[known(1, BareMetal, "nas", PC)]), existing(1));
    assert_eq!(decide(&says(BareMetal, "nas", &[]), &[known(1, BareMetal, "nas-2", PC)]), new("nas", vec![]));
    // The new agent on a machine that an old client reported first.
    assert_eq!(decide(&says(BareMetal, "nas", PC), &[known(1, BareMetal, "nas", &[])]), existing(1));
}

#[test]
fn clear_addresses_of_old_clients_are_hashed() {
    let fleet = [1; 32];
    let old = with(json!({"hardware": {"network": {"interfaces": [
        {"name": "enp3s0", "type": "ethernet", "mac": "3C:7C:3F:00:11:22"},
        {"name": "veth12ab", "mac": "3c:7c:3f:00:11:23"},
        {"name": "docker0", "mac": "02:42:ac:11:00:02"},
        {"name": "enx3c7c3f001124", "type": "ethernet", "mac": "3c:7c:3f:00:11:24"},
        {"name": "wlan0", "type": "wifi", "mac": "da:a1:19:00:11:25"},
    ]}}}));
    let hash = key_hash(&fleet, Mac, "3c7c3f001122").unwrap();
    assert_eq!(claim(&old, &fleet).keys, set(&[(Mac, &hash)]));
}

#[test]
fn hashes_that_are_none_are_no_keys() {
    let odd = with(json!({"identity": {"board_serial_hash": "PF0XYZ12", "mac_hashes": ["", "zz"]}}));
    assert!(claim(&odd, &[1; 32]).keys.is_empty());
}

#[test]
fn junk_is_no_key() {
    let fleet = [3; 32];
    for junk in [
        "",
        "   ",
        "To be filled by O.E.M.",
        "Default string",
        "00000000",
        "xxxxxxxxxxx",
        "0123456789",
        "N/A",
        "None",
        "System Serial Number",
        "Not Specified",
        ".",
        "123456789",
        "0123456789ABCDEF",
        "1234567890",
    ] {
        assert_eq!(key_hash(&fleet, BoardSerial, junk), None, "{junk}");
    }
    for junk in
        ["00000000-0000-0000-0000-000000000000", "03000200-0400-0500-0006-000700080009", "uninitialized"]
    {
        assert_eq!(key_hash(&fleet, SmbiosUuid, junk), None, "{junk}");
    }
    for junk in ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "02:42:ac:11:00:02", "01:00:5e:00:00:01", "de:ad"]
    {
        assert_eq!(key_hash(&fleet, Mac, junk), None, "{junk}");
    }
}

#[test]
fn a_part_never_has_the_hash_of_a_machine() {
    let fleet = [7; 32];
    let part = part_hash(&fleet, "PF0XYZ12").expect("a serial number");
    assert_eq!(part_hash(&fleet, " pf0xyz12 "), Some(part.clone()));
    assert!(
        [BoardSerial, ChassisSerial]
            .into_iter()
            .all(|kind| key_hash(&fleet, kind, "PF0XYZ12") != Some(part.clone()))
    );
    assert_ne!(part_hash(&[8; 32], "PF0XYZ12"), Some(part));
    assert_eq!(part_hash(&fleet, "00000000"), None);
}

#[test]
fn spelling_makes_no_difference_to_a_key() {
    let fleet = [9; 32];
    let hash = |kind, text| key_hash(&fleet, kind, text).unwrap();
    assert_eq!(hash(Mac, "3C-7C-3F-00-11-22"), hash(Mac, " 3c:7c:3f:00:11:22\n"));
    assert_eq!(
        hash(SmbiosUuid, "4C4C4544-0042-3510-8054-B4C04F4D3232"),
        hash(SmbiosUuid, "4c4c4544004235108054b4c04f4d3232")
    );
    assert_eq!(hash(BoardSerial, "pf0xyz12"), hash(BoardSerial, " PF0XYZ12 "));
    assert_ne!(hash(BoardSerial, "pf0xyz12"), hash(ChassisSerial, "pf0xyz12"));
    assert_ne!(hash(BoardSerial, "pf0xyz12"), key_hash(&[8; 32], BoardSerial, "pf0xyz12").unwrap());
    assert_eq!(hash(MachineId, "0aeb8f2c0e5d4a35a1a1f3b2c4d5e6f7").len(), 64);
}
