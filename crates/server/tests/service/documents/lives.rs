//! A document from its upload to its end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::form::{Form, device, upload};
use crate::common::{Answer, Request, Server};
use crate::engines::{execute_on_sqlite, on_both_engines};

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n";

/// All files below the upload folder.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("uploads")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

fn get(server: &Server, document: &Value, headers: &[(&str, &str)]) -> Answer {
    let path = document["download_url"].as_str().unwrap();
    let request =
        headers.iter().fold(Request::new("GET", path), |request, (name, value)| request.header(name, value));
    server.send(&request)
}

#[test]
fn a_document_comes_in_and_goes_out_and_goes() {
    on_both_engines(|server| {
        let nas = device(server, "nas");
        let form =
            Form::file("Handbuch Büro.pdf", PDF).field("kind", "manual").field("title", " The manual ");
        let document = upload(server, nas, &form);
        let mut shown = document.clone();
        let hash = shown["sha256"].take();
        assert_eq!(hash.as_str().unwrap().len(), 64);
        for time in ["created_at", "updated_at", "id", "download_url"] {
            assert!(!shown[time].take().is_null());
        }
        assert_eq!(
            shown,
            json!({
                "id": null, "scope": "device", "device_id": nas, "kind": "manual", "title": "The manual",
                "file_name": "Handbuch Büro.pdf", "media_type": "application/pdf", "size_bytes": PDF.len(),
                "sha256": null, "download_url": null, "thumbnail_url": null,
                "created_at": null, "updated_at": null,
            })
        );
        let place = format!("/api/docs/{}", document["id"]);
        assert_eq!(server.get(&place).json(), document);
        let list = server.get(&format!("/api/devices/{nas}/docs")).json();
        assert_eq!((&list["total"], &list["items"][0]), (&json!(1), &document));

        let file = get(server, &document, &[]);
        assert_eq!((file.status, &file.body[..]), (200, PDF));
        assert_eq!(file.header("content-type"), Some("application/pdf"));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(
            file.header("content-disposition"),
            Some("inline; filename=\"Handbuch B_ro.pdf\"; filename*=UTF-8''Handbuch%20B%C3%BCro.pdf")
        );

        let patch = Request::new("PATCH", &place).token().header("Content-Type", "application/json");
        let patched = server.send(&patch.body(r#"{"kind": "other", "file_name": "../../etc/passwd"}"#));
        assert_eq!((patched.status, &patched.json()["kind"]), (200, &json!("other")), "{}", patched.text());
        assert_eq!(patched.json()["title"], "The manual");
        let name = get(server, &document, &[]).header("content-disposition").unwrap().to_owned();
        assert!(name.contains("filename=\".._.._etc_passwd\""), "{name}");

        assert_eq!(files(server.folder()).len(), 1);
        let delete = Request::new("DELETE", &place).token();
        assert_eq!(server.send(&delete).status, 204);
        assert_eq!(files(server.folder()), Vec::<PathBuf>::new(), "the content went with its document");
        for path in [&place, document["download_url"].as_str().unwrap()] {
            assert_eq!(server.get(path).status, 404);
        }
        assert_eq!(server.send(&delete).problem(), "not_found");
    });
}

#[test]
fn parts_are_sent_and_what_is_known_is_not() {
    let server = Server::start();
    let nas = device(&server, "nas");
    // More than is read at a time, and not a multiple of it.
    let content: Vec<u8> = (0..700_001u32).map(|n| (n % 251) as u8).collect();
    let document = upload(&server, nas, &Form::file("data.bin", &content));
    let whole = get(&server, &document, &[]);
    assert!(whole.body == content);
    let etag = whole.header("etag").unwrap().to_owned();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert!(whole.header("content-disposition").unwrap().starts_with("attachment;"));
    for (range, place, expected) in [
        ("bytes=0-0", "bytes 0-0/700001", &content[..1]),
        ("bytes=262143-262145", "bytes 262143-262145/700001", &content[262_143..262_146]),
        ("bytes=700000-", "bytes 700000-700000/700001", &content[700_000..]),
        ("bytes=-300000", "bytes 400001-700000/700001", &content[400_001..]),
    ] {
        let part = get(&server, &document, &[("Range", range)]);
        assert_eq!((part.status, part.header("content-range")), (206, Some(place)));
        assert!(part.body == expected, "{range}");
    }
    let beyond = get(&server, &document, &[("Range", "bytes=700001-")]);
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */700001")));
    assert_eq!(beyond.problem(), "range_not_satisfiable");
    let known = get(&server, &document, &[("If-None-Match", &etag)]);
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(etag.as_str())));
    let changed = get(&server, &document, &[("Range", "bytes=0-0"), ("If-Range", "\"other\"")]);
    assert_eq!(changed.status, 200);
    let head = server.send(&Request::new("HEAD", document["download_url"].as_str().unwrap()));
    assert_eq!((head.status, head.header("content-length")), (200, Some("700001")));
}

#[test]
fn the_same_content_is_kept_once() {
    on_both_engines(|server| {
        let (nas, pi) = (device(server, "nas"), device(server, "pi"));
        let first = upload(server, nas, &Form::file("a.txt", b"the same"));
        let second = upload(server, pi, &Form::file("b.txt", b"the same"));
        assert_eq!(first["sha256"], second["sha256"]);
        assert_eq!(files(server.folder()).len(), 1);
        let delete = |document: &Value| {
            server.send(&Request::new("DELETE", &format!("/api/docs/{}", document["id"])).token()).status
        };
        assert_eq!(delete(&first), 204);
        assert_eq!(get(server, &second, &[]).body, b"the same");
        assert_eq!(delete(&second), 204);
        assert_eq!(files(server.folder()), Vec::<PathBuf>::new());
        let again = upload(server, nas, &Form::file("c.txt", b"the same"));
        assert_eq!(get(server, &again, &[]).body, b"the same");
    });
}

#[test]
fn a_document_of_a_model_is_shown_on_every_device_of_it() {
    let server = Server::start();
    let (nas, pi, other) = (device(&server, "nas"), device(&server, "pi"), device(&server, "other"));
    let form = Form::file("manual.pdf", PDF).field("scope", "model");
    let path = format!("/api/devices/{nas}/docs");
    let unknown = server.send(&form.to(&path));
    assert_eq!((unknown.status, unknown.paths()), (422, vec!["scope".to_owned()]), "{}", unknown.text());
    assert_eq!(files(server.folder()), Vec::<PathBuf>::new(), "nothing is left of it");
    execute_on_sqlite(&server, format!("update devices set model_key = 'acme x1' where id in ({nas}, {pi})"));
    let document = upload(&server, nas, &form);
    assert_eq!((&document["scope"], &document["device_id"]), (&json!("model"), &Value::Null));
    let own = upload(&server, pi, &Form::file("own.txt", b"own"));
    let shown = |device: i64| {
        let list = server.get(&format!("/api/devices/{device}/docs")).json();
        let items = list["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(shown(nas), [document["id"].clone()]);
    assert_eq!(shown(pi), [document["id"].clone(), own["id"].clone()]);
    assert_eq!(shown(other), Vec::<Value>::new());
}

/// What is not stuck takes less.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whoever deletes a device does not wait for its files: they are gone soon after, and not only at the next start.
#[test]
fn files_go_soon_after_their_device() {
    on_both_engines(|server| {
        let (nas, pi) = (device(server, "nas"), device(server, "pi"));
        upload(server, nas, &Form::file("own.txt", b"of the one alone"));
        upload(server, nas, &Form::file("shared.txt", b"of both"));
        let kept = upload(server, pi, &Form::file("kept.txt", b"of both"));
        assert_eq!(files(server.folder()).len(), 2);
        let delete = Request::new("DELETE", &format!("/api/devices/{nas}?confirm=nas")).token();
        assert_eq!(server.send(&delete).status, 200);
        let deadline = Instant::now() + PATIENCE;
        while files(server.folder()).len() > 1 {
            assert!(Instant::now() < deadline, "still there: {:?}", files(server.folder()));
            std::thread::yield_now();
        }
        assert_eq!(get(server, &kept, &[]).body, b"of both");
    });
}
