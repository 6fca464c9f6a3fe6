//! A document that is the photo of a device: an image of its own, or of its model; and what is left when it goes.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};

use super::form::{Form, upload};
use crate::common::{Answer, Request, Server};
use crate::engines::{execute_on_sqlite, on_both_engines};
use crate::reports::read;
use crate::typed::{done, make, send};

fn png() -> Form {
    let mut png = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(8, 4).write_to(&mut png, ImageFormat::Png).unwrap();
    Form::file("photo.png", png.get_ref()).field("kind", "photo")
}

fn delete(server: &Server, path: &str) -> Answer {
    server.send(&Request::new("DELETE", path).token())
}

/// Makes a document the photo of a device.
fn choose(server: &Server, device: i64, document: &Value) -> Answer {
    send(server, "PATCH", &format!("/api/devices/{device}"), &json!({"photo_doc_id": document}))
}

#[test]
fn a_deleted_photo_is_no_photo_any_more_and_locks_nothing() {
    on_both_engines(|server| {
        let nas = make(server, &json!({"name": "nas"}));
        let photo = upload(server, nas, &png());
        assert_eq!(done(&choose(server, nas, &photo["id"]))["version"], 2);
        let other = upload(server, nas, &Form::file("a.txt", b"text"));
        assert_eq!(delete(server, &format!("/api/docs/{}", other["id"])).status, 204);
        assert_eq!(read(server, &format!("/api/devices/{nas}"))["photo_doc_id"], photo["id"]);
        assert_eq!(delete(server, &format!("/api/docs/{}", photo["id"])).status, 204);
        let left = read(server, &format!("/api/devices/{nas}"));
        assert_eq!((&left["photo_doc_id"], &left["version"]), (&Value::Null, &json!(3)), "{left}");
        let changes = server.send(&Request::new("GET", "/api/changes?page_size=2").token()).json();
        let told = |number: usize| {
            let item = &changes["items"][number];
            (item["action"].clone(), item["subject_id"].clone(), item["detail"]["fields"].clone())
        };
        assert_eq!(told(0), (json!("device.update"), json!(nas), json!(["photo_doc_id"])));
        assert_eq!(told(1), (json!("document.delete"), photo["id"].clone(), Value::Null));
        done(&send(server, "PATCH", &format!("/api/devices/{nas}"), &json!({"location": "attic"})));
    });
}

#[test]
fn a_photo_is_an_image_of_the_device_or_of_its_model() {
    on_both_engines(|server| {
        let same = json!({"manufacturer": "Acme", "model": "X1"});
        let [nas, twin] = ["nas", "twin"].map(|name| {
            let mut body = same.clone();
            body["name"] = json!(name);
            make(server, &body)
        });
        let other = make(server, &json!({"name": "other", "model": "Y2"}));
        let own = upload(server, nas, &png());
        let shared = upload(server, nas, &png().field("scope", "model"));
        let text = upload(server, nas, &Form::file("a.png", b"only called so"));
        for (device, document) in [(nas, &own), (nas, &shared), (twin, &shared)] {
            done(&choose(server, device, &document["id"]));
        }
        let why = |device: i64, document: &Value| {
            let refused = choose(server, device, &document["id"]);
            assert_eq!((refused.status, refused.paths()), (422, vec!["photo_doc_id".to_owned()]));
            refused.json()["errors"][0]["message"].as_str().unwrap().to_owned()
        };
        assert!(why(nas, &text).contains("expected an image"), "{}", why(nas, &text));
        for (device, document) in [(twin, &own), (other, &own), (other, &shared)] {
            assert!(why(device, document).contains("expected one of this device"), "{device} {document}");
        }
        // The model is the one that it has from then on.
        let both = json!({"manufacturer": "ACME", "model": "x1", "photo_doc_id": shared["id"]});
        done(&send(server, "PATCH", &format!("/api/devices/{other}"), &both));
        let many = json!({"ids": [nas, twin], "change": {"photo_doc_id": own["id"]}});
        let refused = send(server, "PATCH", "/api/devices", &many);
        assert_eq!((refused.status, refused.paths()), (422, vec!["change.photo_doc_id".to_owned()]));
        let refused = send(server, "POST", "/api/devices", &json!({"name": "b", "photo_doc_id": own["id"]}));
        assert_eq!((refused.status, refused.paths()), (422, vec!["photo_doc_id".to_owned()]));
    });
}

/// Earlier versions let any document be a photo.
#[test]
fn what_a_change_leaves_alone_is_not_looked_at_and_goes_with_its_document() {
    let server = Server::start();
    let [nas, pi, old] = ["nas", "pi", "old"].map(|name| make(&server, &json!({"name": name})));
    let document = upload(&server, nas, &Form::file("a.txt", b"text"))["id"].clone();
    let typed = |device: i64, document: &Value| {
        let typed = json!({"name": device.to_string(), "photo_doc_id": document});
        execute_on_sqlite(&server, format!("update devices set typed_json = '{typed}' where id = {device}"));
    };
    typed(old, &json!(98));
    let path = format!("/api/devices/{old}");
    assert_eq!(done(&send(&server, "PATCH", &path, &json!({"owner": "me"})))["photo_doc_id"], 98);
    let row = format!("id,photo_doc_id,location\n{old},98,attic\n");
    let import = Request::new("POST", "/api/devices/import").token().header("Content-Type", "text/csv");
    assert_eq!(done(&server.send(&import.body(row)))["updated"], 1);
    assert_eq!(send(&server, "PATCH", &path, &json!({"photo_doc_id": 97})).status, 422);
    typed(pi, &document);
    done(&delete(&server, &format!("/api/devices/{nas}?confirm=nas")));
    let left = read(&server, &format!("/api/devices/{pi}"));
    assert_eq!((&left["photo_doc_id"], &left["version"]), (&Value::Null, &json!(2)), "{left}");
    assert_eq!(read(&server, &path)["photo_doc_id"], 98, "that document was gone before");
}
