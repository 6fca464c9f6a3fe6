//! Documents of a hardware model stay within reach when its last device goes.

use serde_json::{Value, json};

use super::form::{Form, upload};
use crate::common::{Request, Server};
use crate::engines::on_both_engines;
use crate::reports::{desktop, read, submit};
use crate::typed::{done, make, send};

fn manual(server: &Server, device: i64) -> Value {
    upload(server, device, &Form::file("manual.txt", b"how it works").field("scope", "model"))
}

/// Ids and scopes of the documents that are listed with a device.
fn listed(server: &Server, device: i64) -> Vec<(Value, Value)> {
    let list = read(server, &format!("/api/devices/{device}/docs"));
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| (item["id"].clone(), item["scope"].clone())).collect()
}

#[test]
fn they_become_those_of_the_last_device_that_takes_another_model() {
    on_both_engines(|server| {
        let [nas, twin] = ["nas", "twin"].map(|name| make(server, &json!({"name": name, "model": "X1"})));
        let id = manual(server, nas)["id"].clone();
        let model = |device: i64, model: &str| {
            done(&send(server, "PATCH", &format!("/api/devices/{device}"), &json!({"model": model})));
        };
        model(nas, "X2");
        assert_eq!((listed(server, nas), listed(server, twin)), (vec![], vec![(id.clone(), json!("model"))]));
        model(twin, "X1-a");
        assert_eq!(listed(server, twin), [(id.clone(), json!("device"))]);
        assert_eq!(read(server, &format!("/api/docs/{id}"))["device_id"], twin);
        let changes = server.send(&Request::new("GET", "/api/changes?action=document").token()).json();
        assert_eq!(changes["total"], 1, "that of the device tells it: {changes}");
    });
}

#[test]
fn a_report_of_another_model_leaves_them_with_the_device() {
    on_both_engines(|server| {
        let report = |model: &str, day: u8| {
            let mut report = desktop("desk", &format!("2024-03-{day:02}T12:00:00Z"));
            report["hardware"]["motherboard"] = json!({"system_vendor": "Acme", "system_model": model});
            submit(server, &report)["device_id"].as_i64().unwrap()
        };
        let desk = report("X1", 1);
        let id = manual(server, desk)["id"].clone();
        report("X2", 2);
        assert_eq!(listed(server, desk), [(id.clone(), json!("device"))]);
        // Without the report of the other model, which was a mistake, they are still there.
        assert_eq!(server.send(&Request::new("DELETE", "/api/benchmarks/2").token()).status, 204);
        assert_eq!(listed(server, desk), [(id, json!("device"))]);
    });
}

#[test]
fn they_go_with_the_last_device_and_it_is_said_before() {
    on_both_engines(|server| {
        let [nas, twin] = ["nas", "twin"].map(|name| make(server, &json!({"name": name, "model": "X1"})));
        let document = manual(server, nas);
        let delete = |device: i64, name: &str| {
            done(
                &server
                    .send(&Request::new("DELETE", &format!("/api/devices/{device}?confirm={name}")).token()),
            )["deleted"]["documents"]
                .clone()
        };
        assert_eq!(delete(nas, "nas"), 0, "the twin has it too");
        assert_eq!(listed(server, twin).len(), 1);
        let asked = server.send(&Request::new("DELETE", &format!("/api/devices/{twin}")).token());
        assert!(asked.text().contains("and 1 documents"), "{}", asked.text());
        assert_eq!(delete(twin, "twin"), 1);
        assert_eq!(server.get(&format!("/api/docs/{}", document["id"])).status, 404);
        let again = make(server, &json!({"name": "again", "model": "X1"}));
        assert_eq!(listed(server, again), []);
    });
}

#[test]
fn they_become_those_of_the_device_that_the_last_was_merged_into() {
    on_both_engines(|server| {
        let [into, from] = [("into", "Y1"), ("from", "X1")]
            .map(|(name, model)| make(server, &json!({"name": name, "model": model})));
        let id = manual(server, from)["id"].clone();
        let kept = manual(server, into)["id"].clone();
        done(&send(server, "POST", &format!("/api/devices/{into}/merge"), &json!({"from": from})));
        assert_eq!(listed(server, into), [(id, json!("device")), (kept, json!("model"))]);
    });
}
