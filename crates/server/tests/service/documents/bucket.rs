//! Documents in a bucket: a real S3 server, and two of ours on one PostgreSQL.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::form::{Form, added};
use crate::common::{Request, send};
use crate::engines::PostgresDatabase;
use crate::process::{Process, with_token};

/// An S3 server; it ends when it is dropped.
pub(crate) struct S3 {
    child: Child,
    url: String,
    folder: tempfile::TempDir,
}

impl S3 {
    pub(crate) fn start() -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_benchtools-server")).with_file_name("benchtools-s3");
        assert!(program.exists(), "build it first: cargo build --package benchtools-s3 (`make test` does)");
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bucket")).unwrap();
        let mut command = Command::new(program);
        let mut child =
            command.arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned(), folder }
    }

    /// The program with its documents there.
    pub(crate) fn program(&self, folder: &Path, database: &PostgresDatabase, key: &str) -> Command {
        let mut command = with_token(folder);
        command.env("DATABASE_URL", &database.url).env("UPLOAD_DIR", "s3://bucket/some/prefix");
        command.env("AWS_ENDPOINT_URL", &self.url).env("AWS_ACCESS_KEY_ID", "benchtools");
        command.env("AWS_SECRET_ACCESS_KEY", key).env("AWS_REGION", "eu-west-3").env("TMP_DIR", folder);
        command
    }

    /// The same, serving.
    fn serve(&self, folder: &Path, database: &PostgresDatabase, key: &str) -> Process {
        Process::serve(&mut self.program(folder, database, key))
    }

    /// Files of the bucket below the prefix, but for the one that is written to see whether writing works.
    fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("bucket")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("probe") {
                    assert!(path.starts_with(self.folder.path().join("bucket/some/prefix")), "{path:?}");
                    found.push(path);
                }
            }
        }
        found
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

pub(crate) const KEY: &str = "a-key-for-tests-only";

/// Two servers on one database and one bucket, and a device.
struct Pair {
    s3: S3,
    servers: [Process; 2],
    docs: String,
    _database: PostgresDatabase,
    folders: [tempfile::TempDir; 2],
}

impl Pair {
    fn start() -> Self {
        let (s3, database) = (S3::start(), PostgresDatabase::create());
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let servers = [0, 1].map(|number: usize| s3.serve(folders[number].path(), &database, KEY));
        let stored = servers[0].send(&Request::report(r#"{"device_identifier":"nas"}"#));
        let docs = format!("/api/devices/{}/docs", stored.json()["device_id"]);
        Self { s3, servers, docs, _database: database, folders }
    }

    fn stop(self) {
        self.servers.into_iter().for_each(|server| drop(server.stop()));
        for folder in &self.folders {
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is kept on the disk");
        }
    }
}

#[test]
fn what_one_server_takes_the_other_serves() {
    let pair = Pair::start();
    let [first, second] = &pair.servers;
    let health = first.send(&Request::new("GET", "/api/health"));
    assert_eq!(health.json()["folders"]["uploads"], "writable", "{}", health.text());
    // In one piece, in parts, and ending with a whole part.
    for size in [11, (5 << 20) + 1, 10 << 20] {
        let content: Vec<u8> = (0..size).map(|n: u32| (n % 253) as u8).collect();
        let document = added(&first.send(&Form::file("large.bin", &content).to(&pair.docs)));
        let path = document["download_url"].as_str().unwrap();
        let file = second.send(&Request::new("GET", path));
        assert!((file.status, &file.body) == (200, &content), "{size}: {}", file.head);
        let part = second.send(&Request::new("GET", path).header("Range", "bytes=3-9"));
        assert_eq!((part.status, &part.body[..]), (206, &content[3..10]));
        assert_eq!(pair.s3.objects().len(), 1);
        let delete = Request::new("DELETE", &format!("/api/docs/{}", document["id"])).token();
        assert_eq!(second.send(&delete).status, 204);
        assert_eq!(first.send(&Request::new("GET", path)).status, 404);
        assert_eq!(pair.s3.objects(), Vec::<PathBuf>::new());
    }
    pair.stop();
}

#[test]
fn a_small_image_is_drawn_by_one_and_served_by_the_other() {
    let pair = Pair::start();
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(600, 300).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let document = added(&pair.servers[0].send(&Form::file("a.png", png.get_ref()).to(&pair.docs)));
    let small = Request::new("GET", document["thumbnail_url"].as_str().unwrap());
    let [first, second] = [0, 1].map(|number: usize| pair.servers[number].send(&small));
    assert_eq!((first.status, pair.s3.objects().len()), (200, 2));
    assert!(first.body == second.body);
    let delete = Request::new("DELETE", &format!("/api/docs/{}", document["id"])).token();
    assert_eq!(pair.servers[1].send(&delete).status, 204);
    assert_eq!(pair.s3.objects(), Vec::<PathBuf>::new());
    pair.stop();
}

/// Whatever two servers do at once with one content: no document is without it, and at the end nothing is left.
#[test]
fn uploads_and_deletes_of_one_content_do_not_hurt_each_other() {
    let pair = Pair::start();
    let form = Form::file("same.txt", b"the same content").to(&pair.docs);
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (address, form) = (pair.servers[worker % 2].address, &form);
            scope.spawn(move || {
                for _ in 0..12 {
                    let document = added(&send(address, form));
                    let file =
                        send(address, &Request::new("GET", document["download_url"].as_str().unwrap()));
                    assert_eq!(
                        (file.status, &file.body[..]),
                        (200, &b"the same content"[..]),
                        "{}",
                        file.head
                    );
                    let delete = Request::new("DELETE", &format!("/api/docs/{}", document["id"])).token();
                    assert_eq!(send(address, &delete).status, 204);
                }
            });
        }
    });
    assert_eq!(pair.s3.objects(), Vec::<PathBuf>::new());
    assert_eq!(pair.servers[0].send(&Request::new("GET", &pair.docs)).json()["total"], 0);
    pair.stop();
}

#[test]
fn a_bucket_that_cannot_be_written_is_named() {
    let (s3, database) = (S3::start(), PostgresDatabase::create());
    let folder = tempfile::tempdir().unwrap();
    let server = s3.serve(folder.path(), &database, "a wrong key");
    let health = server.send(&Request::new("GET", "/api/health"));
    assert_eq!(
        (health.status, health.paths()),
        (503, vec!["folders.uploads".to_owned()]),
        "{}",
        health.text()
    );
    let stored = server.send(&Request::report(r#"{"device_identifier":"nas"}"#));
    let docs = format!("/api/devices/{}/docs", stored.json()["device_id"]);
    let answer = server.send(&Form::file("a.txt", b"a").to(&docs));
    assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"), "{}", answer.text());
    assert_eq!(server.send(&Request::new("GET", &docs)).json()["total"], 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing of it is left on the disk");
    assert!(server.stop().iter().all(|line| !line.contains("a wrong key")));
}
