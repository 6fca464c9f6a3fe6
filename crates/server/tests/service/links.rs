//! Links of devices: http and https only, and who changed them is written down.

use serde_json::{Value, json};

use crate::common::{Answer, Request, Server};
use crate::engines::on_both_engines;

fn json(method: &str, path: &str, body: &Value) -> Request {
    Request::new(method, path).token().header("Content-Type", "application/json").body(body.to_string())
}

fn device(server: &Server) -> i64 {
    let stored = server.send(&Request::report(r#"{"device_identifier":"nas"}"#));
    stored.json()["device_id"].as_i64().unwrap()
}

fn assert_invalid(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{}", answer.text());
    assert_eq!(answer.paths(), [path], "{}", answer.text());
}

#[test]
fn a_link_lives_from_its_first_to_its_last_day() {
    on_both_engines(|server| {
        let links = format!("/api/devices/{}/links", device(server));
        let added = server.send(&json("POST", &links, &json!({"url": " HTTPS://Example.com/a b"})));
        assert_eq!(added.status, 201, "{}", added.text());
        let link = added.json();
        let place = format!("/api/links/{}", link["id"]);
        assert_eq!(added.header("location"), Some(place.as_str()));
        assert_eq!(
            (&link["url"], &link["label"], &link["kind"]),
            (&json!("https://example.com/a%20b"), &json!("example.com"), &json!("other"))
        );
        let second = json!({"label": "Büro 🖥", "url": "http://example.org/", "kind": "bios"});
        assert_eq!(server.send(&json("POST", &links, &second)).status, 201);

        let list = server.get(&format!("{links}?page_size=1")).json();
        assert_eq!((&list["total"], &list["items"][0]), (&json!(2), &link), "oldest first");
        let next =
            server.get(&format!("{links}?page_size=1&cursor={}", list["next_cursor"].as_str().unwrap()));
        assert_eq!(next.json()["items"][0]["label"], "Büro 🖥");

        let patched = server.send(&json("PATCH", &place, &json!({"label": "Support", "kind": "support"})));
        assert_eq!(patched.status, 200, "{}", patched.text());
        assert_eq!(patched.json()["url"], link["url"], "what is absent stays");
        assert_eq!(server.get(&place).json(), patched.json());
        let replaced = server.send(&json("PUT", &place, &json!({"url": "http://other.example"}))).json();
        assert_eq!(
            (&replaced["url"], &replaced["label"], &replaced["kind"]),
            (&json!("http://other.example/"), &json!("other.example"), &json!("other")),
            "what is absent gets its default"
        );
        assert_eq!((&replaced["id"], &replaced["created_at"]), (&link["id"], &link["created_at"]));

        let delete = Request::new("DELETE", &place).token();
        assert_eq!(server.send(&delete).status, 204);
        assert_eq!(server.send(&delete).problem(), "not_found");
        assert_eq!(server.get(&place).status, 404);
        assert_eq!(server.get(&links).json()["total"], 1);
    });
}

#[test]
fn what_does_not_fit_is_named() {
    let server = Server::start();
    let links = format!("/api/devices/{}/links", device(&server));
    let good = json!({"url": "https://example.com/"});
    let link = server.send(&json("POST", &links, &good)).json();
    let place = format!("/api/links/{}", link["id"]);
    let of = |url: &str| json!({ "url": url });
    for (method, path) in [("POST", &links), ("PUT", &place), ("PATCH", &place)] {
        for url in [
            "javascript:alert(1)",
            "https://a:b@c.example/",
            "nas",
            &format!("http://x/{}", "x".repeat(2000)),
        ] {
            assert_invalid(&server.send(&json(method, path, &of(url))), "url");
        }
        let mut body = good.clone();
        body["label"] = "two\nlines".into();
        assert_invalid(&server.send(&json(method, path, &body)), "label");
        body["label"] = "x".repeat(256).into();
        assert_invalid(&server.send(&json(method, path, &body)), "label");
        body["label"] = "fits".into();
        body["kind"] = "manuals".into();
        assert_invalid(&server.send(&json(method, path, &body)), "kind");
        assert_invalid(&server.send(&json(method, path, &json!({"url": "http://x/", "href": ""}))), "href");
    }
    assert_invalid(&server.send(&json("POST", &links, &json!({"label": "nowhere"}))), "url");
    assert_eq!(server.get(&place).json(), link, "nothing of it was written");
    for (method, path) in
        [("POST", "/api/devices/99/links"), ("PUT", "/api/links/99"), ("PATCH", "/api/links/99")]
    {
        assert_eq!(server.send(&json(method, path, &good)).problem(), "not_found");
    }
    assert_eq!(server.get("/api/devices/99/links").status, 404);
}
