//! POST /api/devices/import.

use serde_json::{Value, json};

use super::{done, make};
use crate::common::{Answer, Request, Server};
use crate::engines::on_both_engines;
use crate::reports::{desktop, read, submit};

fn import(server: &Server, query: &str, text: &str) -> Answer {
    let request = Request::new("POST", &format!("/api/devices/import{query}")).token();
    server.send(&request.header("Content-Type", "text/csv; charset=utf-8").body(text))
}

#[test]
fn a_spreadsheet_changes_and_makes_devices() {
    on_both_engines(|server| {
        make(server, &json!({"name": "a", "owner": "me", "custom": {"rack": "A", "row": "1"}}));
        make(server, &json!({"name": "b", "owner": "you"}));
        let text = "\u{feff}id;name;owner;price;tags;custom.rack;version\r\n\
                    1;a;'=me;299,90;\"NAS, été\";B;1\r\n2;b;you;;;;\r\n;c;;;;;\r\n;;;;;;\r\n";
        let would = done(&import(server, "?dry_run=true", text));
        let counts = json!({"dry_run": true, "created": 1, "updated": 1, "unchanged": 1, "created_ids": []});
        assert_eq!(would, counts);
        assert_eq!(read(server, "/api/devices")["total"], 2, "nothing was done");
        let did = done(&import(server, "", text));
        assert_eq!((&did["created"], &did["created_ids"]), (&1.into(), &json!([3])));
        let typed = |id: i64| read(server, &format!("/api/devices/{id}"))["typed"].clone();
        let custom = json!({"rack": "B", "row": "1"});
        let first =
            json!({"name": "a", "owner": "=me", "price": 299.9, "tags": ["NAS", "été"], "custom": custom});
        assert_eq!((typed(1), typed(3)), (first, json!({"name": "c"})));
        assert_eq!(read(server, "/api/devices/2")["version"], 1);
        let again = import(server, "", "id,owner,version\n1,x,1\n");
        assert_eq!((again.status, again.paths()), (422, vec!["row 2.version".to_owned()]));
    });
}

#[test]
fn an_export_comes_back_as_it_went() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        let body = json!({"name": "=1+1", "notes": "two\nlines; \"quoted\"", "tags": ["a b", "c"], "price": 0.5,
            "custom": {"rack, row": "@B"}, "purchased_at": "2024-02-29", "hosted_on": 1, "status": "spare"});
        make(server, &body);
        let export = server.get("/api/export/devices.csv").text().to_owned();
        let same = done(&import(server, "", &export));
        assert_eq!(
            same,
            json!({"dry_run": false, "created": 0, "updated": 0, "unchanged": 2, "created_ids": []})
        );
        let edited = export.replace("2024-02-29", "2024-03-01");
        assert_eq!(done(&import(server, "", &edited))["updated"], 1);
        let mut expected = body;
        expected["purchased_at"] = "2024-03-01".into();
        assert_eq!(read(server, "/api/devices/2")["typed"], expected);
        assert_eq!(import(server, "", &edited).paths(), ["row 3.version"], "it was changed since");
    });
}

#[test]
fn one_wrong_row_and_nothing_is_done() {
    on_both_engines(|server| {
        make(server, &json!({"name": "a"}));
        for (text, paths) in [
            ("id,name,price\n1,new,1\n,b,-1\n99,c,\n", vec!["row 3.price", "row 4.id"]),
            ("id,name\n1,new\n1,newer\n", vec!["row 3.id"]),
            ("id,name\n1,new\n,a\n", vec!["row 3.device_identifier"]),
            ("id,name\n1,new\n,b\n,b\n", vec!["row 4.device_identifier"]),
            ("id,name,owner\n1,new,\n,,me\n", vec!["row 3.name"]),
            ("id,name,hosted_on\n1,new,1\n", vec!["row 2.hosted_on"]),
            ("id,name,hosted_on\n1,new,77\n", vec!["row 2.hosted_on"]),
            ("id,name,device_identifier\n1,new,other\n", vec!["row 2.device_identifier"]),
            ("id,name,colour\n1,new,red\n", vec!["row 1.colour"]),
            ("id,name\n1\n", vec!["row 2"]),
            ("", vec!["row 1"]),
        ] {
            for query in ["", "?dry_run=true"] {
                let answer = import(server, query, text);
                let expected: Vec<String> = paths.iter().map(ToString::to_string).collect();
                assert_eq!((answer.status, answer.paths()), (422, expected), "{text}: {}", answer.text());
            }
        }
        let list = read(server, "/api/devices");
        assert_eq!((&list["total"], &list["items"][0]["name"]), (&1.into(), &Value::from("a")));
        let json =
            Request::new("POST", "/api/devices/import").token().header("Content-Type", "application/json");
        assert_eq!(server.send(&json.body("{}")).status, 415);
    });
}

/// The export of all devices, with what people wrote about them, is larger than any report may be.
#[test]
fn an_export_of_many_megabytes_comes_back() {
    on_both_engines(|server| {
        let notes = "é, \"quoted\"\n".repeat(1_500);
        let row = |number: usize| format!(",machine {number},\"{}\"\n", notes.replace('"', "\"\""));
        let sheet: String = std::iter::once("id,name,notes\n".to_owned()).chain((0..350).map(row)).collect();
        assert!(sheet.len() > 6 << 20, "{}", sheet.len());
        assert_eq!(done(&import(server, "", &sheet))["created"], 350);
        let export = server.get("/api/export/devices.csv").text().to_owned();
        assert!(export.len() > 6 << 20, "{}", export.len());
        let same = done(&import(server, "", &export));
        assert_eq!((&same["updated"], &same["unchanged"]), (&0.into(), &350.into()));
    });
}

#[test]
fn what_is_larger_than_64_mib_is_refused_and_so_are_too_many_cells() {
    let server = Server::start();
    let gzip = |text: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, text).unwrap();
        encoder.finish().unwrap()
    };
    let send = |text: &[u8]| {
        let request = Request::new("POST", "/api/devices/import").token().header("Content-Type", "text/csv");
        server.send(&request.header("Content-Encoding", "gzip").body(gzip(text)))
    };
    let mut sheet = b"id,name\n".to_vec();
    sheet.resize((64 << 20) + 1, b'\n');
    let refused = send(&sheet);
    assert_eq!((refused.status, refused.problem().as_str()), (413, "too_large"));
    assert!(refused.text().contains("larger than 64 MiB"), "{}", refused.text());
    let mut cells = b"id,name,owner,status\n".to_vec();
    cells.extend(b",,,\n".repeat(500_000));
    let refused = send(&cells);
    assert_eq!((refused.status, refused.paths()), (422, vec!["$".to_owned()]), "{}", refused.text());
}
