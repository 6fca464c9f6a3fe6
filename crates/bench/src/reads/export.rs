//! Export: how much memory the server takes to export everything, and how far its write-ahead log grows meanwhile.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::{BENCHMARKS, DEVICES, seed};
use crate::args::Args;
use crate::figure::{Bound, Figure, Figures};
use crate::ground::Ground;
use crate::ingest;
use crate::process;
use crate::server::Server;

/// More memory than that is too much, MB.
const MEMORY_MB: f64 = 60.0;
/// Between two looks.
const STEP: Duration = Duration::from_millis(20);
/// How long an export may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// Exports every benchmark in both forms while reports come in.
pub(crate) fn export(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = ground.empty("export")?;
    let file = folder.join("server.db");
    let database = format!("sqlite:///{}", file.display());
    seed(args, ground, &database, DEVICES, BENCHMARKS)?;
    let wal = folder.join("server.db-wal");
    for form in ["json", "csv"] {
        let server = Server::start(ground, &args.server, &database, &folder.join("server.log"))?;
        let (done, mut most) = (AtomicBool::new(false), Most::default());
        let path = format!("/api/export/benchmarks.{form}");
        let (bytes, took) = std::thread::scope(|scope| {
            let exporting = scope.spawn(|| {
                let taken = take(server.address, &path);
                done.store(true, Ordering::Relaxed);
                taken
            });
            while !done.load(Ordering::Relaxed) {
                most.look(server.id(), &wal)?;
                std::thread::sleep(STEP);
            }
            exporting.join().map_err(|_| anyhow::anyhow!("the export panicked"))?
        })?;
        let rate = bytes as f64 / 1e6 / took.as_secs_f64();
        let detail =
            format!("{BENCHMARKS} benchmarks, {:.0} MB in {:.1} s", bytes as f64 / 1e6, took.as_secs_f64());
        figures.push(Figure::new(format!("export as {form}"), rate, "MB/s").detail(detail));
        let memory = Figure::new("  memory", most.resident_bytes as f64 / 1e6, "MB");
        figures.push(memory.bound(Bound::AtMost(MEMORY_MB)));
        figures.push(
            Figure::new("  write-ahead log", most.wal_bytes as f64 / 1e6, "MB").detail("nobody writes"),
        );
        server.stop()?;
    }
    busy(args, ground, &database, &wal, figures)?;
    Ok(std::fs::remove_dir_all(&folder)?)
}

/// The write-ahead log while reports come in, without and with an export beside them that its client takes slowly.
fn busy(
    args: &Args,
    ground: &Ground,
    database: &str,
    wal: &std::path::Path,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut logs = Vec::new();
    for exporting in [false, true] {
        let log = ground.path("export").join("server.log");
        let server = Server::start(ground, &args.server, database, &log)?;
        let mut slow = TcpStream::connect(server.address)?;
        if exporting {
            ask(&mut slow, server.address, "/api/export/benchmarks.csv")?;
        }
        let (done, mut most) = (AtomicBool::new(false), Most::default());
        std::thread::scope(|scope| {
            let load = scope.spawn(|| {
                let outcome =
                    ingest::load::run(server.address, args.connections, Duration::from_secs(args.seconds));
                done.store(true, Ordering::Relaxed);
                outcome
            });
            while !done.load(Ordering::Relaxed) {
                most.look(server.id(), wal)?;
                if exporting {
                    // A client that takes a little now and then.
                    slow.read_exact(&mut [0; 16 * 1024])?;
                }
                std::thread::sleep(STEP);
            }
            let outcome = load.join().map_err(|_| anyhow::anyhow!("the load panicked"))??;
            anyhow::ensure!(outcome.errors == 0, "{:?}", outcome.first_error);
            anyhow::Ok(())
        })?;
        logs.push(most.wal_bytes as f64 / 1e6);
        drop(slow);
        server.stop()?;
    }
    let [alone, beside] = logs[..] else { bail!("two logs were measured") };
    figures.push(Figure::new("write-ahead log under reports", alone, "MB"));
    // Half as much again, and what a checkpoint leaves, is what two rounds differ by.
    let bound = Bound::AtMost(1.5 * alone + 8.0);
    figures.push(Figure::new("  with an export that is taken slowly", beside, "MB").bound(bound));
    Ok(())
}

/// The most that was seen.
#[derive(Default)]
struct Most {
    resident_bytes: u64,
    wal_bytes: u64,
}

impl Most {
    fn look(&mut self, server: u32, wal: &std::path::Path) -> anyhow::Result<()> {
        self.resident_bytes = self.resident_bytes.max(process::memory(server)?.resident_bytes);
        self.wal_bytes = self.wal_bytes.max(wal.metadata().map(|file| file.len()).unwrap_or_default());
        Ok(())
    }
}

fn ask(stream: &mut TcpStream, address: SocketAddr, path: &str) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?)
}

/// Takes a whole answer; its bytes, and how long it took.
fn take(address: SocketAddr, path: &str) -> anyhow::Result<(u64, Duration)> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    ask(&mut stream, address, path)?;
    let (mut piece, mut bytes, mut end) = (vec![0; 64 * 1024], 0, Vec::new());
    loop {
        let read = stream.read(&mut piece).context("the export was cut off")?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        end.extend_from_slice(&piece[..read]);
        end.drain(..end.len().saturating_sub(5));
    }
    anyhow::ensure!(end == b"0\r\n\r\n", "the export has no end");
    Ok((bytes, begun.elapsed()))
}
