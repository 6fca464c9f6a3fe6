//! Reads: how many lists, searches and benchmarks a second the server answers on a database of ten thousand machines, beside
//! a server that has the same bytes ready.

mod export;
mod load;
mod reference;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

pub(crate) use export::export;

use crate::args::Args;
use crate::figure::{Bound, Figure, Figures, number};
use crate::ground::Ground;
use crate::server::Server;
use crate::stats::{estimate, median};
use load::Outcome;

/// Machines and benchmarks in the database.
const DEVICES: u64 = 10_000;
const BENCHMARKS: u64 = 200_000;
/// Connections that ask at once.
const CONNECTIONS: usize = 16;
/// What 99 % of the answers must stay below, milliseconds.
const SLOWEST_MS: f64 = 15.0;
/// Filling the database takes no longer.
const FILLING: Duration = Duration::from_secs(300);

/// Something that is asked for.
struct Question {
    name: &'static str,
    paths: Vec<String>,
    /// Answers per second: eight or twenty times those of the reference implementation of this specification (FastAPI), as
    /// they were taken on a machine like this.
    least: Option<f64>,
}

/// What is asked for again and again while nothing is written; and the same asked for once, when no answer is ready.
fn questions() -> [Question; 8] {
    let words =
        ["oslo", "web-lyon", "optiplex", "kvm", "büro", "r640", "nas-0", "zzz", "00123", "dell latitude"];
    let search =
        |word: &&str| format!("/api/devices?search={}", word.replace(' ', "+").replace('ü', "%C3%BC"));
    let benchmark = |number: u64| format!("/api/benchmarks/{}", 1 + number * 7_919 % BENCHMARKS);
    let asked = |name, paths, least| Question { name, paths, least };
    let searches: Vec<String> = words.iter().map(search).collect();
    [
        asked("first page of devices", vec!["/api/devices".to_owned()], Some(2_176.0)),
        asked("middle page of devices", vec!["/api/devices?page=100".to_owned()], Some(1_640.0)),
        asked("search of devices", searches.clone(), Some(720.0)),
        asked("one benchmark", (0..1_000).map(benchmark).collect(), Some(7_312.0)),
        asked("first page, once", once(&["/api/devices?page=1".to_owned()]), None),
        asked("middle page, once", once(&["/api/devices?page=100".to_owned()]), None),
        asked("search, once", once(&searches), None),
        asked("one benchmark, once", (0..60_000).map(benchmark).collect(), None),
    ]
}

/// The same addresses in other words: letters of a parameter that changes nothing stand for themselves or are written in
/// hexadecimal.
fn once(paths: &[String]) -> Vec<String> {
    const SAME: &str = "page_size=50&order=asc";
    let letters = SAME.bytes().filter(u8::is_ascii_alphanumeric).count().min(14);
    let way = |number: usize| {
        let mut place = 0;
        let mut written = String::new();
        for letter in SAME.chars() {
            place += usize::from(letter.is_ascii_alphanumeric());
            match letter.is_ascii_alphanumeric() && place <= letters && number >> (place - 1) & 1 == 1 {
                true => written.push_str(&format!("%{:02X}", u32::from(letter))),
                false => written.push(letter),
            }
        }
        format!("{}&{written}", paths[number % paths.len()])
    };
    (0..1 << letters).map(way).collect()
}

/// Fills a database, and takes rounds of every question in turn, each beside its reference.
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = ground.empty("reads")?;
    let database = format!("sqlite:///{}", folder.join("server.db").display());
    seed(args, ground, &database, DEVICES, BENCHMARKS)?;
    let questions = questions();
    let mut rounds: Vec<Vec<(Outcome, Outcome)>> = questions.iter().map(|_| Vec::new()).collect();
    let server = Server::start(ground, &args.server, &database, &folder.join("server.log"))?;
    let length = Duration::from_secs(args.seconds);
    for round in 1..=args.rounds {
        for (question, rounds) in questions.iter().zip(&mut rounds) {
            let ours = load::run(server.address, &question.paths, CONNECTIONS, length)?;
            let ready = reference::run(ours.bytes, CONNECTIONS, length)?;
            println!(
                "  round {round}: {}: {:.0}/s, p99 {:.1} ms, {} bytes; the same bytes ready: {:.0}/s",
                question.name, ours.per_second, ours.p99_ms, ours.bytes, ready.per_second
            );
            rounds.push((ours, ready));
        }
    }
    server.stop()?;
    std::fs::remove_dir_all(&folder)?;
    for (question, rounds) in questions.iter().zip(&rounds) {
        report(question, rounds, figures)?;
    }
    Ok(())
}

/// Fills an empty database by the server's own command.
pub(crate) fn seed(
    args: &Args,
    ground: &Ground,
    database: &str,
    devices: u64,
    benchmarks: u64,
) -> anyhow::Result<()> {
    let mut command = Command::new(program(&args.server)?);
    command.args(["seed", "--devices", &devices.to_string(), "--benchmarks", &benchmarks.to_string()]);
    ground.output(command.env_clear().env("DATABASE_URL", database), FILLING).map(drop)
}

fn program(server: &Path) -> anyhow::Result<std::path::PathBuf> {
    server.canonicalize().with_context(|| format!("no server {}", server.display()))
}

fn report(question: &Question, rounds: &[(Outcome, Outcome)], figures: &mut Figures) -> anyhow::Result<()> {
    let each = |of: fn(&(Outcome, Outcome)) -> f64| rounds.iter().map(of).collect::<Vec<f64>>();
    let rates = estimate(&each(|(ours, _)| ours.per_second)).context("no rounds")?;
    let range = format!("{} rounds: {} … {}", rounds.len(), number(rates.low), number(rates.high));
    let slowest = median(&each(|(ours, _)| ours.p99_ms)).context("no rounds")?;
    let share =
        median(&each(|(ours, ready)| 100.0 * ours.per_second / ready.per_second)).context("no rounds")?;
    let rate = Figure::new(question.name, rates.median, "answers/s").detail(range);
    let slowest = Figure::new("  p99", slowest, "ms");
    match question.least {
        Some(least) => {
            figures.push(rate.bound(Bound::AtLeast(least)));
            figures.push(slowest.bound(Bound::AtMost(SLOWEST_MS)));
        }
        None => {
            figures.push(rate);
            figures.push(slowest);
        }
    }
    figures.push(Figure::new("  of a server with the bytes ready", share, "%"));
    Ok(())
}
