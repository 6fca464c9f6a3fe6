//! A snapshot is made where there is something to tell, and nowhere else.

use serde_json::{Value, json};
use server::store::Store;

use crate::engines::on_both;
use crate::reports::{DAY, Made, machine};
use crate::submit::submit;

/// Two drives and two ports, as the kernel numbered them that time.
fn numbered(number: u32, day: i64, [one, other]: [&str; 2], [near, far]: [&str; 2]) -> Made {
    let drive = |name: &str, serial: &str, hours: u32| json!({"name": name, "model": format!("M{serial}"), "serial_hash": serial, "power_on_hours": hours});
    let port = |name: &str, mac: &str, ip: &str| json!({"name": name, "mac_hash": mac, "ip": ip});
    let storage = json!({
        "devices": [drive(one, "1", 100), drive(other, "2", 200)],
        "partitions": [{"name": format!("{one}1"), "mount_point": "/", "fs_type": "ext4", "total_gb": 100.0, "used_gb": 7.0}],
    });
    let network = json!({"interfaces": [port(near, "aa", "10.0.0.1"), port(far, "bb", "10.0.0.2")]});
    let made = machine("nas", 1).id(number).after(day * DAY);
    made.set("/hardware/storage", storage).set("/hardware/network", network)
}

/// The hardware that a benchmark shows.
async fn shown(store: &Store, benchmark: i64) -> Value {
    let benchmark = store.benchmark(benchmark).await.unwrap().unwrap();
    serde_json::to_value(benchmark).unwrap()["hardware"].clone()
}

#[test]
fn what_the_kernel_only_numbered_anew_is_the_same_hardware() {
    on_both(|database| async move {
        let store = database.open().await;
        let first = submit(&store, &numbered(1, 1, ["sda", "sdb"], ["eth0", "eth1"])).await;
        let mut others = Vec::new();
        // Twice, and then late.
        for (number, day) in [(2, 3), (3, 4), (4, 2)] {
            others.push(submit(&store, &numbered(number, day, ["sdb", "sda"], ["eth1", "eth0"])).await);
        }
        let back = submit(&store, &numbered(5, 5, ["sda", "sdb"], ["eth0", "eth1"])).await;
        for (answer, names) in [(&first, ["sda", "eth0"]), (&back, ["sda", "eth0"])]
            .into_iter()
            .chain(others.iter().map(|other| (other, ["sdb", "eth1"])))
        {
            assert_eq!(answer.snapshot_id, first.snapshot_id);
            let hardware = shown(&store, answer.benchmark_id).await;
            let list = |pointer: &str| hardware.pointer(pointer).unwrap().as_array().unwrap().clone();
            let drives = list("/storage/devices");
            let drive = drives.iter().find(|one| one["serial_hash"] == "1").unwrap();
            assert_eq!((drives.len(), &drive["power_on_hours"]), (2, &json!(100.0)), "{hardware}");
            assert_eq!(drive["name"], format!("/dev/{}", names[0]));
            let partition = &list("/storage/partitions")[0];
            assert_eq!(
                (&partition["name"], &partition["used_gb"]),
                (&json!(format!("/dev/{}1", names[0])), &json!(7.0))
            );
            let ports = list("/network/interfaces");
            let port = ports.iter().find(|one| one["mac_hash"] == "aa").unwrap();
            assert_eq!((&port["name"], &port["ip"]), (&json!(names[1]), &json!("10.0.0.1")));
        }
        store.close().await;
    });
}

#[test]
fn what_is_read_for_the_first_time_is_filled_in() {
    on_both(|database| async move {
        let store = database.open().await;
        let first = submit(&store, &machine("nas", 1).id(1).set("/hardware/motherboard", json!(null))).await;
        let hardware = |id: i64| {
            let store = store.clone();
            async move { serde_json::to_value(store.snapshot(id).await.unwrap().unwrap().hardware).unwrap() }
        };
        assert_eq!(hardware(first.snapshot_id).await["motherboard"], Value::Null);
        let more = machine("nas", 1).id(2).after(DAY).set("/hardware/cpu/microcode", json!("0x11"));
        let more = submit(&store, &more).await;
        assert_eq!(more.snapshot_id, first.snapshot_id);
        let filled = hardware(first.snapshot_id).await;
        assert_eq!(
            (&filled["motherboard"]["model"], &filled["cpu"]["microcode"]),
            (&json!("EQ12"), &json!("0x11"))
        );
        let other = machine("nas", 1).id(3).after(2 * DAY).set("/hardware/cpu/microcode", json!("0x12"));
        assert_ne!(submit(&store, &other).await.snapshot_id, first.snapshot_id, "that is a change");
        // Cards that could not be looked for are not none.
        let gap = json!([{ "path": "hardware.gpus", "reason": "not_exposed" }]);
        let blind = machine("pc", 2).id(4).set("/hardware/gpus", json!([])).set("/missing", gap);
        let blind = submit(&store, &blind).await;
        let seen = machine("pc", 2).id(5).after(DAY).set("/hardware/gpus", json!([{"model": "RX"}]));
        assert_eq!(submit(&store, &seen).await.snapshot_id, blind.snapshot_id);
        store.close().await;
    });
}

#[test]
fn a_rounding_is_no_change_and_many_of_them_are() {
    on_both(|database| async move {
        let store = database.open().await;
        let sized = |number: u32, gb: f64| {
            let storage = json!({"partitions": [{"mount_point": "/", "fs_type": "ext4", "total_gb": gb}]});
            machine("nas", 1).id(number).after(i64::from(number) * DAY).set("/hardware/storage", storage)
        };
        let first = submit(&store, &sized(1, 100.0)).await.snapshot_id;
        assert_eq!(submit(&store, &sized(2, 100.000_001)).await.snapshot_id, first);
        let mut last = first;
        for number in 3..10_u32 {
            last = submit(&store, &sized(number, 100.0 + 0.0002 * f64::from(number))).await.snapshot_id;
        }
        assert_ne!(last, first, "it does not creep away unseen");
        store.close().await;
    });
}
