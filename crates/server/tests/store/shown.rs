//! What the page of a machine is told of components that have no score.

use report::Component;
use serde_json::json;

use crate::engines::on_both;
use crate::reports::{DAY, Made, machine};
use crate::submit::submit;

/// A report whose network was measured against the machine itself, while the machine was busy.
fn measured_at_home() -> Made {
    let network = |metric: &str, value: f64| json!({ "metric": metric, "value": value, "samples": [value, value * 1.01], "test_version": 1, "params": { "same_host": true } });
    let mut made = machine("nas", 1).id(1);
    let measurements = made.body["measurements"].as_array_mut().unwrap();
    measurements.push(network("network.download_mbps", 21_000.0));
    measurements.push(network("network.ping_ms", 0.02));
    made.set("/missing", json!([{ "path": "results.gpu", "reason": "not_supported" }]))
}

#[test]
fn a_network_within_one_host_is_shown_and_says_first_why_it_has_no_score() {
    on_both(|database| async move {
        let store = database.open().await;
        let id = submit(&store, &measured_at_home()).await.device_id;
        let page = store.device_page(id).await.unwrap().unwrap();
        let network = &page.components[&Component::Network];
        assert!(network.figure.is_none());
        assert_eq!(network.metrics["network.download_mbps"], 21_000.0);
        assert_eq!(network.metrics["network.ping_ms"], 0.02);
        assert!(network.reasons.len() > 1, "few samples speak against it too: {:?}", network.reasons);
        assert_eq!(network.reasons[0].0, "same_host");
        store.close().await;
    });
}

#[test]
fn an_inventory_does_not_replace_what_the_last_measurement_said() {
    on_both(|database| async move {
        let store = database.open().await;
        let id = submit(&store, &measured_at_home()).await.device_id;
        let only = |part: &str| json!({ "path": format!("results.{part}"), "reason": "inventory_only" });
        let fqdn = json!({ "path": "hardware.os.fqdn", "reason": "not_set" });
        let inventory = machine("nas", 1).id(2).after(DAY).set("/measurements", json!([]));
        let inventory = inventory.set("/missing", json!([only("cpu"), only("network"), only("gpu"), fqdn]));
        assert_eq!(submit(&store, &inventory).await.device_id, id);
        let page = store.device_page(id).await.unwrap().unwrap();
        let said: Vec<_> = page.missing.iter().map(|one| (one.path.as_str(), one.reason.as_str())).collect();
        assert_eq!(said, [("hardware.os.fqdn", "not_set"), ("results.gpu", "not_supported")]);
        assert_eq!(page.components[&Component::Network].reasons[0].0, "same_host");
        assert!(page.components[&Component::Cpu].figure.is_some());
        store.close().await;
    });
}

#[test]
fn a_machine_that_was_never_measured_keeps_the_inventorys_reasons() {
    on_both(|database| async move {
        let store = database.open().await;
        let only = json!([{ "path": "results.cpu", "reason": "inventory_only" }]);
        let made = machine("shelf", 3).id(1).set("/measurements", json!([])).set("/missing", only);
        let id = submit(&store, &made).await.device_id;
        let page = store.device_page(id).await.unwrap().unwrap();
        assert_eq!((page.missing.len(), page.missing[0].reason.as_str()), (1, "inventory_only"));
        assert!(page.components.is_empty());
        store.close().await;
    });
}
