//! What comes late, and what only the newest report decides.

use std::collections::BTreeSet;

use report::DeviceKind;
use serde_json::{Value, json};
use server::domain::ranking::{RankedDevice, RankingQuery};

use crate::engines::on_both;
use crate::reports::{DAY, Made, author, machine};
use crate::submit::submit;

#[test]
fn a_late_report_follows_the_report_before_it_and_not_the_newest_hardware() {
    on_both(|database| async move {
        let store = database.open().await;
        let bios =
            |version: &str| machine("nas", 1).set("/hardware/motherboard/bios_version", json!(version));
        let mut snapshots = Vec::new();
        for (day, version) in [(1, "1"), (3, "1"), (9, "1"), (2, "2")] {
            let number = u32::try_from(day).unwrap();
            snapshots.push(submit(&store, &bios(version).id(number).after(day * DAY)).await.snapshot_id);
        }
        assert_eq!(snapshots[0], snapshots[1]);
        assert_ne!(snapshots[0], snapshots[3]);
        let unread = machine("nas", 1).set("/hardware/motherboard/bios_version", Value::Null);
        let late = submit(&store, &unread.id(4).after(4 * DAY)).await;
        assert_eq!(late.snapshot_id, snapshots[1], "the BIOS of day 3");
        let seen = |id| {
            let store = store.clone();
            async move { store.snapshot(id).await.unwrap().unwrap().snapshot.first_seen_at }
        };
        let start = report::Timestamp::parse(crate::reports::START).unwrap();
        assert_eq!(seen(snapshots[0]).await, start.plus_ms(DAY), "not moved forward");
        let early = submit(&store, &bios("1").id(5).after(0)).await;
        assert_eq!((early.snapshot_id, seen(early.snapshot_id).await), (snapshots[0], start));
        store.close().await;
    });
}

#[test]
fn equal_hardware_in_one_batch_is_one_snapshot_in_whatever_order() {
    on_both(|database| async move {
        let store = database.open().await;
        let sent = [10, 5, 7].map(|day| {
            let number = u32::try_from(day).unwrap();
            let (store, made) = (store.clone(), machine("nas", 1).id(number).after(day * DAY).submission());
            async move { store.submit(made).await.unwrap().snapshot_id }
        });
        let snapshots: BTreeSet<i64> = futures_util::future::join_all(sent).await.into_iter().collect();
        assert_eq!(snapshots.len(), 1, "{snapshots:?}");
        let id = *snapshots.first().unwrap();
        let start = report::Timestamp::parse(crate::reports::START).unwrap();
        assert_eq!(store.snapshot(id).await.unwrap().unwrap().snapshot.first_seen_at, start.plus_ms(5 * DAY));
        store.close().await;
    });
}

#[test]
fn the_newest_report_says_what_a_machine_runs_on() {
    on_both(|database| async move {
        let store = database.open().await;
        let host = submit(&store, &machine("pve", 1).id(1)).await;
        let key = machine("pve", 1).body["identity"]["board_serial_hash"].clone();
        let guest = |number: u32, day: i64| {
            let made = machine("ct", 2).set("/hardware/os/virtualization_type", json!("lxc"));
            made.set("/identity/host_hash", key.clone()).id(number).after(day * DAY)
        };
        let id = submit(&store, &guest(2, 1)).await.device_id;
        let on = || async { store.device(id).await.unwrap().unwrap().hosted_on };
        assert_eq!(on().await, Some(host.device_id));
        let moved = guest(3, 3).set("/identity/host_hash", json!("f0".repeat(32)));
        assert_eq!(submit(&store, &moved).await.device_id, id);
        assert_eq!(on().await, None, "a host that has not reported");
        submit(&store, &guest(4, 2)).await;
        assert_eq!(on().await, None, "a late report does not decide");
        submit(&store, &guest(5, 4)).await;
        assert_eq!(on().await, Some(host.device_id));
        store.close().await;
    });
}

#[test]
fn without_the_newest_report_the_one_before_it_says_what_a_machine_is_and_runs_on() {
    on_both(|database| async move {
        let store = database.open().await;
        let [first, second] =
            [("pve", 1), ("pve-b", 2)].map(|(name, seed)| machine(name, seed).id(u32::from(seed)));
        let hosts = [submit(&store, &first).await.device_id, submit(&store, &second).await.device_id];
        let guest = |host: &Made, number: u32, day: i64| {
            let made = machine("ct", 3).set("/hardware/os/virtualization_type", json!("lxc"));
            let made = made.set("/identity/host_hash", host.body["identity"]["board_serial_hash"].clone());
            made.set("/hardware/os/fqdn", json!(format!("ct{number}.lan"))).id(number).after(day * DAY)
        };
        let old = submit(&store, &guest(&first, 3, 1)).await;
        let moved = submit(&store, &guest(&second, 4, 2)).await;
        assert_eq!(old.device_id, moved.device_id);
        let late = submit(&store, &guest(&second, 5, 0)).await;
        let now = report::Timestamp::parse(crate::reports::START).unwrap().plus_ms(9 * DAY);
        let told = || async {
            let device = store.device(old.device_id).await.unwrap().unwrap();
            (device.hosted_on, device.reported.fqdn)
        };
        let on = |host: usize, fqdn: &str| (Some(hosts[host]), Some(fqdn.to_owned()));
        assert_eq!(told().await, on(1, "ct4.lan"));
        store.delete_benchmark(moved.benchmark_id, author(now)).await.unwrap();
        assert_eq!(told().await, on(0, "ct3.lan"), "it did not move, and the late report does not decide");
        store.delete_benchmark(late.benchmark_id, author(now)).await.unwrap();
        assert_eq!(told().await, on(0, "ct3.lan"));
        store.delete_benchmark(old.benchmark_id, author(now)).await.unwrap();
        assert_eq!(told().await, (None, None), "no report says anything");
        submit(&store, &guest(&second, 6, 3)).await;
        assert_eq!(told().await, on(1, "ct6.lan"));
        // A disk that was put into a virtual machine, by a report that was a mistake.
        let kind = |kind: &str, number: u32| {
            machine("disk", 7).set("/hardware/os/virtualization_type", json!(kind)).id(number)
        };
        let real = submit(&store, &kind("none", 7)).await;
        let mistaken = submit(&store, &kind("kvm", 8).after(DAY)).await;
        assert_eq!(real.device_id, mistaken.device_id);
        let kind = || async { store.device(real.device_id).await.unwrap().unwrap().kind };
        assert_eq!(kind().await, DeviceKind::Vm);
        store.delete_benchmark(mistaken.benchmark_id, author(now)).await.unwrap();
        assert_eq!(kind().await, DeviceKind::BareMetal);
        store.close().await;
    });
}

#[test]
fn hints_name_the_other_machine_and_only_the_oldest_are_kept() {
    on_both(|database| async move {
        let store = database.open().await;
        let first = submit(&store, &machine("pi", 1).id(1)).await.device_id;
        let mut last = first;
        for seed in 2..16_u8 {
            last = submit(&store, &machine("pi", seed).id(u32::from(seed))).await.device_id;
        }
        for number in 100..104 {
            submit(&store, &machine("pi", 15).id(number)).await;
        }
        let hints = store.device(last).await.unwrap().unwrap().hints;
        assert!(!hints.is_empty() && hints.len() <= 10, "{hints:?}");
        assert!(hints.iter().all(|hint| hint.kind == "merge_with" && hint.device_ids != [last]), "{hints:?}");
        let page = store.device_page(last).await.unwrap().unwrap();
        assert_eq!(page.hints[0], ("merge_with".to_owned(), Some((first, "pi".to_owned()))));
        store.close().await;
    });
}

#[test]
fn a_machine_that_was_inventoried_only_waits_for_its_first_benchmark() {
    on_both(|database| async move {
        let store = database.open().await;
        let missing = |reason: &str| json!([{ "path": "results.cpu", "reason": reason }]);
        let bare =
            |name: &str, seed: u8| machine(name, seed).id(u32::from(seed)).set("/measurements", json!([]));
        submit(&store, &bare("shelf", 1).set("/missing", missing("inventory_only"))).await;
        submit(&store, &bare("broken", 2).set("/missing", missing("crashed"))).await;
        let gone = submit(&store, &machine("shelf", 1).id(3).after(DAY)).await.benchmark_id;
        let now = report::Timestamp::parse(crate::reports::START).unwrap().plus_ms(2 * DAY);
        store.delete_benchmark(gone, author(now)).await.unwrap();
        let query = RankingQuery { limit: 50, ..RankingQuery::default() };
        let waiting = store.ranking(query).await.unwrap().waiting;
        let last = |one: &RankedDevice| (one.name.clone(), one.last.as_ref().unwrap().inventory_only);
        let found: BTreeSet<_> = waiting.iter().map(last).collect();
        assert_eq!(found, [("broken".to_owned(), false), ("shelf".to_owned(), true)].into());
        store.close().await;
    });
}
