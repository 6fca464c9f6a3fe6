//! Who sees which documents, and images that say nothing of where they were taken.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use server::config::Settings;

use super::form::{Form, device, upload};
use crate::common::{Request, Server};

/// A JPEG with the place where it was taken.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let image = DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([20, 90, 160])));
    let mut plain = Cursor::new(Vec::new());
    image.write_to(&mut plain, ImageFormat::Jpeg).unwrap();
    let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0GPS 48.8584 N 2.2945 E";
    let mut photo = b"\xff\xd8\xff\xe1".to_vec();
    photo.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    photo.extend(exif);
    photo.extend(&plain.into_inner()[2..]);
    photo
}

fn holds_place(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| window == b"GPS")
}

#[test]
fn a_small_image_keeps_the_aspect_and_no_places() {
    let server = Server::start();
    let nas = device(&server, "nas");
    let document = upload(&server, nas, &Form::file("photo.jpg", &photo(1600, 400)).field("kind", "photo"));
    let path = document["thumbnail_url"].as_str().unwrap();
    let mut etags = Vec::new();
    for (query, width, height) in [("", 256, 64), ("?size=256", 256, 64), ("?size=1024", 1024, 256)] {
        for _ in 0..2 {
            let answer = server.get(&format!("{path}{query}"));
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/jpeg")));
            let small = image::load_from_memory(&answer.body).unwrap();
            assert_eq!((small.width(), small.height()), (width, height));
            assert!(!holds_place(&answer.body));
            etags.push(answer.header("etag").unwrap().to_owned());
        }
    }
    let known = server.send(&Request::new("GET", path).header("If-None-Match", &etags[0]));
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(server.get(&format!("{path}?size=300")).paths(), ["size"]);
    assert!(
        holds_place(&server.get(document["download_url"].as_str().unwrap()).body),
        "the original is kept"
    );

    let text = upload(&server, nas, &Form::file("a.txt", b"no image"));
    assert_eq!(text["thumbnail_url"], Value::Null);
    assert_eq!(server.get(&format!("/api/docs/{}/thumbnail", text["id"])).problem(), "not_found");
    let broken = upload(&server, nas, &Form::file("a.jpg", &photo(64, 64)[..90]));
    let answer = server.get(broken["thumbnail_url"].as_str().unwrap());
    assert_eq!((answer.status, answer.problem().as_str()), (422, "undrawable"));

    let delete = Request::new("DELETE", &format!("/api/docs/{}", document["id"])).token();
    assert_eq!(server.send(&delete).status, 204);
    assert_eq!(super::lives::files(server.folder()).len(), 2, "the small images went with their document");
}

#[test]
fn the_public_sees_photos_and_manuals_but_no_invoices_and_no_places() {
    let public = |settings| Settings { read_access: Some("public".to_owned()), ..settings };
    let server = Server::with(|settings, _| public(settings));
    let nas = device(&server, "nas");
    let of = |kind: &str, name: &str, content: &[u8]| {
        upload(&server, nas, &Form::file(name, content).field("kind", kind))
    };
    let manual = of("manual", "manual.txt", b"the manual");
    let photo_ = of("photo", "photo.jpg", &photo(64, 32));
    let heif = of("photo", "photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    let hidden = [of("invoice", "invoice.txt", b"paid"), of("warranty", "warranty.txt", b"two years")];
    let path = |document: &Value, field: &str| document[field].as_str().unwrap().to_owned();
    let list = format!("/api/devices/{nas}/docs");
    let ids = |answer: Value| -> Vec<Value> {
        answer["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
    };
    let token = |path: &str| server.send(&Request::new("GET", path).token());
    assert_eq!(
        ids(server.get(&list).json()),
        [&manual, &photo_, &heif].map(|document| document["id"].clone())
    );
    assert_eq!((server.get(&list).json()["total"].clone(), ids(token(&list).json()).len()), (3.into(), 5));
    for document in &hidden {
        let place = format!("/api/docs/{}", document["id"]);
        for path in [&place, &format!("{place}/download"), &format!("{place}/thumbnail")] {
            assert_eq!(server.get(path).problem(), "not_found");
        }
        assert_eq!(token(&format!("{place}/download")).status, 200);
    }
    assert_eq!(server.get(&path(&manual, "download_url")).body, b"the manual");
    let shown = server.get(&path(&photo_, "download_url"));
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/jpeg")));
    let image = image::load_from_memory(&shown.body).unwrap();
    assert_eq!((image.width(), image.height(), holds_place(&shown.body)), (64, 32, false));
    assert!(holds_place(&token(&path(&photo_, "download_url")).body));
    let unknown = server.get(&path(&heif, "download_url"));
    assert_eq!((unknown.status, unknown.problem().as_str()), (403, "forbidden"));
    assert_eq!(token(&path(&heif, "download_url")).status, 200);
}
