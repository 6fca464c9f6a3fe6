//! What a report could not read stays as it was known, of the machine as a whole too.

use report::DeviceKind;
use serde_json::{Value, json};
use server::store::Store;

use crate::engines::on_both;
use crate::reports::{DAY, Made, START, author, machine};
use crate::submit::submit;

/// A report of a run without root, in a place where little can be read.
fn unread(number: u32, day: i64) -> Made {
    let gap = |path: &str| json!({ "path": format!("hardware.{path}"), "reason": "needs_root" });
    let made = machine("nas", 1).id(number).after(day * DAY);
    let made = made.set("/hardware/motherboard", json!(null)).set("/hardware/os/hostname", json!(null));
    made.set("/missing", json!([gap("motherboard"), gap("os.hostname"), gap("os.virtualization_type")]))
}

fn root(number: u32, day: i64) -> Made {
    let made = machine("nas", 1).id(number).after(day * DAY);
    let made = made.set("/hardware/os/virtualization_type", json!("kvm"));
    made.set("/hardware/motherboard/system_vendor", json!("Amazon EC2"))
        .set("/hardware/motherboard/system_model", json!("m7i.large"))
        .set("/hardware/os/fqdn", json!("nas.lan"))
}

/// Everything that is told of the machine as a whole.
async fn told(store: &Store) -> Value {
    let device = store.device(1).await.unwrap().unwrap();
    let snapshot = device.last_snapshot.unwrap().id;
    let hardware = store.snapshot(snapshot).await.unwrap().unwrap().hardware;
    json!([device.kind, device.model, device.model_key, device.reported, snapshot, hardware])
}

#[test]
fn a_run_that_reads_less_moves_a_machine_to_no_other_model() {
    on_both(|database| async move {
        let store = database.open().await;
        submit(&store, &root(1, 1)).await;
        let known = told(&store).await;
        assert_eq!((&known[0], &known[1]), (&json!("vm"), &json!("Amazon EC2 m7i.large")));
        let less = submit(&store, &unread(2, 2)).await;
        assert_eq!(told(&store).await, known);
        let changed = unread(3, 3).set("/hardware/os/version", json!("13"));
        let changed = submit(&store, &changed).await;
        let device = store.device(1).await.unwrap().unwrap();
        assert_eq!(
            (device.kind, device.model_key.as_deref()),
            (DeviceKind::Vm, Some("amazon ec2 m7i.large"))
        );
        assert_eq!(device.reported.hostname.as_deref(), Some("nas"));
        let now = report::Timestamp::parse(START).unwrap().plus_ms(9 * DAY);
        for gone in [changed, less] {
            store.delete_benchmark(gone.benchmark_id, author(now)).await.unwrap();
            assert_eq!(told(&store).await, known, "as if it had never come");
        }
        store.close().await;
    });
}

#[test]
fn without_the_report_that_knew_more_it_is_not_known() {
    on_both(|database| async move {
        let store = database.open().await;
        submit(&store, &unread(1, 1)).await;
        submit(&store, &unread(2, 2)).await;
        let known = told(&store).await;
        assert_eq!((&known[0], &known[1]), (&json!("bare_metal"), &json!("Intel N100")));
        let more = submit(&store, &root(3, 3)).await;
        let learned = told(&store).await;
        assert_eq!((&learned[0], &learned[1]), (&json!("vm"), &json!("Amazon EC2 m7i.large")));
        assert_eq!(learned[4], known[4], "the machine did not change");
        let now = report::Timestamp::parse(START).unwrap().plus_ms(9 * DAY);
        store.delete_benchmark(more.benchmark_id, author(now)).await.unwrap();
        assert_eq!(told(&store).await, known, "as if it had never come");
        let again = submit(&store, &root(4, 4)).await;
        assert_eq!((told(&store).await, again.snapshot_id), (learned.clone(), more.snapshot_id));
        let same = submit(&store, &root(5, 5)).await;
        store.delete_benchmark(same.benchmark_id, author(now)).await.unwrap();
        assert_eq!(told(&store).await, learned, "the one before it said the same");
        store.close().await;
    });
}
