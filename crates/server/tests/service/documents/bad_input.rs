//! Files and forms that are not what they say, too large, or cut off.

use std::io::Write;
use std::path::PathBuf;

use super::form::{Form, device, upload};
use super::lives::files;
use crate::common::{Answer, Request, Server};
use crate::process::{Process, with_token};

fn small() -> Server {
    Server::with(|settings, _| server::config::Settings { max_upload_mb: Some("1".to_owned()), ..settings })
}

#[test]
fn a_type_is_found_in_the_content() {
    let server = Server::start();
    let nas = device(&server, "nas");
    for (name, said, content, media_type, shown) in [
        (
            "a.pdf",
            "application/pdf",
            &b"<!DOCTYPE html><script>alert(1)</script>"[..],
            "text/html",
            "attachment",
        ),
        ("a.png", "image/png", b"<svg xmlns='x' onload='alert(1)'/>", "image/svg+xml", "attachment"),
        ("a.html", "text/html", b"GIF89a\x01\0\x01\0\x80\0\0", "image/gif", "inline"),
        ("a.exe", "application/pdf", b"only text\n", "text/plain", "inline"),
        ("a.txt", "text/plain", b"\0\x01\x02", "application/octet-stream", "attachment"),
    ] {
        let document = upload(&server, nas, &Form::default().and_file(name, said, content));
        assert_eq!((&document["media_type"], &document["file_name"]), (&media_type.into(), &name.into()));
        let file = server.get(document["download_url"].as_str().unwrap());
        assert_eq!(file.body, content);
        assert!(file.header("content-type").unwrap().starts_with(media_type), "{}", file.head);
        assert!(file.header("content-disposition").unwrap().starts_with(shown), "{}", file.head);
        assert!(file.header("content-security-policy").unwrap().contains("sandbox"), "{}", file.head);
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn a_name_is_only_text() {
    let server = Server::start();
    let nas = device(&server, "nas");
    for (sent, kept) in [
        ("../../etc/passwd", "../../etc/passwd"),
        ("/etc/shadow", "/etc/shadow"),
        ("a%0D%0ASet-Cookie: x%22.txt", "a\r\nSet-Cookie: x\".txt"),
        ("invoice\u{202e}fdp.exe", "invoice\u{202e}fdp.exe"),
        ("手冊 🖥.txt", "手冊 🖥.txt"),
        ("", "document"),
    ] {
        let document = upload(&server, nas, &Form::file(sent, b"x"));
        assert_eq!(document["file_name"], kept);
        let title = document["title"].as_str().unwrap();
        assert!(!title.is_empty() && !title.contains(char::is_control), "{title:?}");
        let file = server.get(document["download_url"].as_str().unwrap());
        let name = file.header("content-disposition").unwrap();
        assert!(name.is_ascii() && !name.contains("../") && file.header("set-cookie").is_none(), "{name}");
    }
    assert_eq!(files(server.folder()).len(), 1, "none of them is a path");
    let long = server.send(&Form::file(&"x".repeat(256), b"x").to(&format!("/api/devices/{nas}/docs")));
    assert_eq!((long.status, long.paths()), (422, vec!["file_name".to_owned()]));
}

#[test]
fn a_name_in_any_script_counts_before_its_stand_in() {
    let server = Server::start();
    let nas = device(&server, "nas");
    for (sent, kept) in [
        ("hand.txt\"; filename*=\"UTF-8''no", "hand.txt"),
        ("_.txt\"; filename*=UTF-8''%E6%89%8B%E5%86%8A.txt; x=\"", "手冊.txt"),
        ("plain.txt\"; filename*=UTF-8''%ff; x=\"", "plain.txt"),
    ] {
        let document = upload(&server, nas, &Form::file(sent, b"x"));
        assert_eq!((&document["file_name"], &document["title"]), (&kept.into(), &kept.into()), "{sent}");
    }
}

#[test]
fn what_does_not_fit_is_named_and_leaves_nothing() {
    let server = Server::start();
    let path = format!("/api/devices/{}/docs", device(&server, "nas"));
    let file = || Form::file("a.txt", b"x");
    for (form, named) in [
        (Form::default().field("kind", "manual"), "file"),
        (Form::file("a.txt", b""), "file"),
        (file().and_file("b.txt", "text/plain", b"y"), "file"),
        (file().field("kind", "manuals"), "kind"),
        (file().field("kind", "manual").field("kind", "photo"), "kind"),
        (file().field("scope", "all"), "scope"),
        (file().field("title", "two\nlines"), "title"),
        (file().field("title", &"x".repeat(256)), "title"),
        (file().field("path", "/etc"), "path"),
    ] {
        let answer = server.send(&form.to(&path));
        assert_eq!((answer.status, answer.paths()), (422, vec![named.to_owned()]), "{}", answer.text());
    }
    let other = Request::new("POST", &path).token().header("Content-Type", "application/json").body("{}");
    assert_eq!(
        (server.send(&other).status, server.send(&other).problem()),
        (415, "unsupported_media_type".into())
    );
    let bare = Request::new("POST", &path).token().header("Content-Type", "multipart/form-data").body("x");
    assert_eq!(server.send(&bare).problem(), "malformed_form");
    assert_eq!(server.send(&file().to("/api/devices/99/docs")).status, 404);
    assert_eq!(server.send(&file().to(&format!("{path}?x=1"))).status, 422);
    assert_eq!(files(server.folder()), Vec::<PathBuf>::new());
}

#[test]
fn the_limit_holds_while_the_file_comes_in() {
    let server = small();
    let path = format!("/api/devices/{}/docs", device(&server, "nas"));
    assert_eq!(server.send(&Form::file("fits", &vec![b'x'; 1 << 20]).to(&path)).status, 201);
    let over = Form::file("over", &vec![b'y'; (1 << 20) + 1]);
    let answer = server.send(&over.to(&path));
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"), "{}", answer.text());
    // One that does not say how long it is.
    let mut stream = server.connect();
    stream
        .write_all(&Form::head(&path).header("Transfer-Encoding", "chunked").bytes(server.address))
        .unwrap();
    let body = over.bytes();
    write!(stream, "{:x}\r\n", body.len()).unwrap();
    stream.write_all(&body).unwrap();
    stream.write_all(b"\r\n0\r\n\r\n").unwrap();
    let answer = Answer::read(&mut stream);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"));
    assert_eq!(files(server.folder()).len(), 1, "only the one that fits is there");
}

/// Waits until the condition holds; hangs, and is ended by the test's patience, if it never does.
fn wait_until(condition: impl Fn() -> bool) {
    while !condition() {
        std::thread::yield_now();
    }
}

#[test]
fn an_upload_cut_off_in_the_middle_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let stored = server.send(&Request::report(r#"{"device_identifier":"nas"}"#));
    let path = format!("/api/devices/{}/docs", stored.json()["device_id"]);
    let half = || {
        let form = Form::file("half", &vec![b'x'; 1 << 20]).to(&path).bytes(server.address);
        let mut stream = crate::common::connect(server.address);
        stream.write_all(&form[..form.len() / 2]).unwrap();
        wait_until(|| {
            files(folder.path()).iter().any(|file| file.metadata().is_ok_and(|data| data.len() > 200_000))
        });
        stream
    };
    drop(half());
    wait_until(|| files(folder.path()).is_empty());
    assert_eq!(server.send(&Request::new("GET", "/api/devices/1/docs")).json()["total"], 0);
    // And one that is under way when the server stops.
    let mut stream = half();
    server.terminate();
    let answer = Answer::read(&mut stream);
    assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"));
    let (status, said) = server.end();
    assert!(status.success(), "{said:#?}");
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn many_slow_uploads_hold_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let stored = server.send(&Request::report(r#"{"device_identifier":"nas"}"#));
    let path = format!("/api/devices/{}/docs", stored.json()["device_id"]);
    let before = server.peak_bytes();
    let content = |number: u8| {
        let mut content = vec![b'x'; 3 << 20];
        content[0] = number;
        content
    };
    let forms: Vec<Vec<u8>> =
        (0..64).map(|number| Form::file("slow", &content(number)).to(&path).bytes(server.address)).collect();
    let mut streams: Vec<_> = forms.iter().map(|_| crate::common::connect(server.address)).collect();
    let piece = 100_000;
    for place in (0..forms[0].len()).step_by(piece) {
        for (stream, form) in streams.iter_mut().zip(&forms) {
            stream.write_all(&form[place..form.len().min(place + piece)]).unwrap();
        }
    }
    for stream in &mut streams {
        assert_eq!(Answer::read(stream).status, 201);
    }
    let grown = server.peak_bytes() - before;
    assert!(grown < 48 << 20, "{grown} bytes for 192 MiB of files that came in together");
    assert_eq!(files(folder.path()).len(), 64);
    server.stop();
}
