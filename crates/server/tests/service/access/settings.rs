//! Settings that people change while the server runs.

use serde_json::{Value, json};

use super::{bearing, of_scope, with_json};
use crate::common::{Answer, Request, Server};
use crate::engines::on_both_engines;

fn patch(server: &Server, change: &Value) -> Answer {
    server.send(&with_json("PATCH", "/api/settings", change).token())
}

fn settings(server: &Server) -> Value {
    let answer = server.send(&Request::new("GET", "/api/settings").token());
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[test]
fn the_name_of_the_site_stands_on_every_page() {
    on_both_engines(|server| {
        assert_eq!(settings(server), json!({ "site_name": "Linux BenchTools" }));
        assert!(server.get("/").text().contains("· Linux BenchTools</title>"));
        let changed = patch(server, &json!({ "site_name": " Lab <é> " }));
        assert_eq!((changed.status, changed.json()), (200, json!({ "site_name": "Lab <é>" })));
        assert_eq!(settings(server), json!({ "site_name": "Lab <é>" }));
        let missing = Request::new("GET", "/devices/99").header("Accept", "text/html");
        for page in [server.get("/"), server.send(&missing)] {
            let text = page.text();
            assert!(!text.contains("<é>") && text.matches("Lab &#60;é&#62;").count() == 2, "{text}");
        }
        assert_eq!(patch(server, &json!({})).json(), json!({ "site_name": "Lab <é>" }));
        assert_eq!(patch(server, &json!({ "site_name": null })).status, 200);
        assert!(server.get("/").text().contains("· Linux BenchTools</title>"));
        let changes = server.send(&Request::new("GET", "/api/changes?action=settings").token()).json();
        let told: Vec<_> = changes["items"].as_array().unwrap().iter().map(|item| &item["detail"]).collect();
        assert_eq!(told, [&json!({ "site_name": null }), &json!({ "site_name": "Lab <é>" })]);
    });
}

#[test]
fn what_does_not_fit_changes_nothing() {
    on_both_engines(|server| {
        for (change, path) in [
            (json!({ "site_name": "" }), "site_name"),
            (json!({ "site_name": "a\nb" }), "site_name"),
            (json!({ "site_name": "x".repeat(61) }), "site_name"),
            (json!({ "site_name": 7 }), "site_name"),
            (json!({ "fleet_key": "00" }), "fleet_key"),
            (json!({ "site_name": "ok", "api_token": "mine" }), "api_token"),
        ] {
            let refused = patch(server, &change);
            assert_eq!((refused.status, refused.paths()), (422, vec![path.to_owned()]), "{change}");
        }
        assert_eq!(settings(server)["site_name"], "Linux BenchTools");
    });
}

#[test]
fn they_are_for_administrators() {
    let server = Server::start();
    for scope in ["submit", "write"] {
        let token = of_scope(&server, scope);
        for request in [Request::new("GET", "/api/settings"), with_json("PATCH", "/api/settings", &json!({}))]
        {
            assert_eq!(server.send(&bearing(request, &token)).status, 403, "{scope}");
        }
    }
}
