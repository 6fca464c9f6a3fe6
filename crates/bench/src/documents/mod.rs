//! Documents: how fast files come in and go out, beside what the disk itself takes in the same minute, and how much memory the
//! server needs for many at once; in a folder and in a bucket.

mod client;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::args::Args;
use crate::figure::{Bound, Figure, Figures, number};
use crate::ground::{Ground, Running};
use crate::process;
use crate::server::Server;
use crate::stats::median;
use client::Client;

/// Length of a file of the speed figures.
const FILE_BYTES: usize = 10 << 20;
/// Files of the speed figures.
const FILES: usize = 24;
/// Downloads of one file.
const DOWNLOADS: usize = 96;
/// What is promised: twice what the reference takes and gives, MiB/s.
const UPLOAD: f64 = 340.0;
const DOWNLOAD: f64 = 1080.0;
/// Uploads at once, of which memory is measured.
const AT_ONCE: usize = 64;
/// Length of each where there is room for all, else a quarter of it.
const LARGE_BYTES: usize = 100_000_000;
/// More memory than that is too much, MB.
const MEMORY_MB: f64 = 60.0;

/// Takes the figures in a folder, then in a bucket.
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = ground.empty("documents")?;
    let place = Place { args, ground, folder: &folder, name: "disk", variables: Vec::new() };
    place.measure(figures)?;
    std::fs::remove_dir_all(&folder)?;
    let folder = ground.empty("documents")?;
    let (s3, url) = s3(ground, &folder)?;
    let variables = vec![
        ("UPLOAD_DIR", "s3://bucket/documents".to_owned()),
        ("TMP_DIR", folder.display().to_string()),
        ("AWS_ENDPOINT_URL", url),
        ("AWS_ACCESS_KEY_ID", "benchtools".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "a-key-for-tests-only".to_owned()),
    ];
    Place { args, ground, folder: &folder, name: "S3", variables }.measure(figures)?;
    s3.stop()?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// A server, and where its documents go.
struct Place<'a> {
    args: &'a Args,
    ground: &'a Ground,
    folder: &'a Path,
    name: &'static str,
    variables: Vec<(&'static str, String)>,
}

impl Place<'_> {
    fn start(&self) -> anyhow::Result<Server<'_>> {
        let database = format!("sqlite:///{}", self.folder.join("server.db").display());
        let log = self.folder.join("server.log");
        Server::start_with(self.ground, &self.args.server, &database, &log, &self.variables)
    }

    fn measure(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let server = self.start()?;
        let mut client = Client::connect(server.address)?;
        client.add_device()?;
        self.speed(&mut client, figures)?;
        server.stop()?;
        self.memory(figures)
    }

    /// Each upload in turn with the same bytes written by hand: file, its name, and the folder through to the disk.
    fn speed(&self, client: &mut Client, figures: &mut Figures) -> anyhow::Result<()> {
        let (mut uploads, mut raw, mut place) = (Vec::new(), Vec::new(), String::new());
        let mut content = noise(FILE_BYTES);
        for file in 0..FILES {
            content[..8].copy_from_slice(&(file as u64).to_le_bytes());
            raw.push(rate(write_by_hand(self.folder, &content)?));
            let begun = Instant::now();
            place = client.upload(&content)?;
            uploads.push(rate(begun.elapsed()));
        }
        let mut downloads = Vec::new();
        for _ in 0..DOWNLOADS {
            let begun = Instant::now();
            let bytes = client.download(&place)?;
            downloads.push(rate(begun.elapsed()));
            if bytes != FILE_BYTES {
                bail!("{bytes} bytes of {FILE_BYTES} came back");
            }
        }
        let of = |rates: &[f64]| median(rates).context("no files");
        let (disk, name) = (of(&raw)?, self.name);
        let upload = Figure::new(format!("upload of 10 MiB, {name}"), of(&uploads)?, "MiB/s");
        let detail =
            format!("{FILES} files; written by hand with fsync in the same run: {} MiB/s", number(disk));
        let download = Figure::new(format!("download of 10 MiB, {name}"), of(&downloads)?, "MiB/s");
        // What goes through another server is measured, but not promised.
        let (upload, download) = if self.variables.is_empty() {
            (upload.bound(Bound::AtLeast(UPLOAD.min(disk))), download.bound(Bound::AtLeast(DOWNLOAD)))
        } else {
            (upload, download)
        };
        figures.push(upload.detail(detail));
        figures.push(download.detail(format!("{DOWNLOADS} times, one connection")));
        Ok(())
    }

    /// A fresh server, and many uploads that all begin before the first ends.
    fn memory(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let room = rustix::fs::statvfs(self.folder).map(|fs| fs.f_bavail * fs.f_frsize)?;
        let all = (AT_ONCE * LARGE_BYTES) as u64;
        let bytes = if room > 3 * all { LARGE_BYTES } else { LARGE_BYTES / 4 };
        let server = self.start()?;
        let content = noise(bytes);
        std::thread::scope(|scope| {
            let uploading: Vec<_> = (0..AT_ONCE)
                .map(|number| {
                    let (content, address) = (&content, server.address);
                    scope.spawn(move || Client::connect(address)?.upload_behind(number as u64, content))
                })
                .collect();
            for upload in uploading {
                upload.join().map_err(|_| anyhow::anyhow!("an upload panicked"))??;
            }
            anyhow::Ok(())
        })?;
        let peak = process::peak_bytes(server.id())? as f64 / 1e6;
        server.stop()?;
        let detail = format!("peak, {AT_ONCE} at once of {} MB each", bytes / 1_000_000);
        let figure = Figure::new(format!("memory while files come in, {}", self.name), peak, "MB");
        figures.push(figure.bound(Bound::AtMost(MEMORY_MB)).detail(detail));
        Ok(())
    }
}

/// An S3 server on a folder, and its address.
fn s3<'a>(ground: &'a Ground, folder: &Path) -> anyhow::Result<(Running<'a>, String)> {
    let buckets = folder.join("buckets");
    std::fs::create_dir_all(buckets.join("bucket"))?;
    let program = std::env::current_exe()?.with_file_name("benchtools-s3");
    let (reader, writer) = std::io::pipe()?;
    let mut command = Command::new(program);
    // It ends when its standard input does, whose other end is held with the child.
    command.arg(&buckets).stdin(Stdio::piped()).stdout(writer);
    let running = ground.spawn(&mut command)?;
    drop(command);
    let mut url = String::new();
    BufReader::new(reader).read_line(&mut url)?;
    if url.is_empty() {
        bail!("the S3 server did not start");
    }
    Ok((running, url.trim().to_owned()))
}

fn write_by_hand(folder: &Path, content: &[u8]) -> anyhow::Result<Duration> {
    let (temporary, name) = (folder.join("by-hand.tmp"), folder.join("by-hand"));
    let begun = Instant::now();
    let mut file = File::create(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&temporary, &name)?;
    File::open(folder)?.sync_all()?;
    let took = begun.elapsed();
    std::fs::remove_file(&name)?;
    Ok(took)
}

/// MiB/s for one file of the speed figures.
fn rate(took: Duration) -> f64 {
    FILE_BYTES as f64 / f64::from(1 << 20) / took.as_secs_f64()
}

/// Bytes without any pattern (xorshift64).
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.flatten().take(bytes).collect()
}
