//! docs/API.md is true: its lines run as they stand, and get the answers that it shows.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::{Server, TOKEN};
use crate::openapi::{METHODS, document};

const PAGE: &str = include_str!("../../../../docs/API.md");
/// Stands for anything: as a value, at the end of text, and as the name of further fields.
const ANYTHING: &str = "…";

/// What is typed, and what must come.
struct Step {
    /// Line of the page.
    line: usize,
    typed: String,
    /// The kind of the block below, and what it says.
    shown: Option<(String, String)>,
}

/// The fenced blocks of the page: their first lines, kinds and contents.
fn blocks() -> Vec<(usize, &'static str, String)> {
    let mut blocks: Vec<(usize, &str, String)> = Vec::new();
    let mut open = false;
    for (number, line) in PAGE.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(kind) => {
                open = true;
                blocks.push((number + 2, kind, String::new()));
            }
            None if open => blocks.last_mut().unwrap().2.extend([line, "\n"]),
            None => {}
        }
    }
    assert!(!open, "a block does not end");
    blocks
}

/// Commands of the operator's own machine are `console`, and not for this test.
fn steps() -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (line, kind, text) in blocks() {
        match kind {
            "sh" => steps.push(Step { line, typed: text, shown: None }),
            "json" | "text" => {
                let step = steps.last_mut().unwrap();
                assert!(step.shown.is_none(), "line {line}: a second answer to one step");
                step.shown = Some((kind.to_owned(), text));
            }
            _ => assert_eq!(kind, "console", "line {line}: a block of an unknown kind"),
        }
    }
    steps
}

/// Types everything into one shell, which stops at the first line that fails.
fn run(steps: &[Step], server: &Server, folder: &Path) {
    let mut script = String::from("set -euo pipefail\n");
    for Step { line, typed, .. } in steps {
        script.push_str(&format!("{{\n{typed}}} >../{line}.out 2>../{line}.err\n"));
    }
    std::fs::write(folder.join("script"), script).unwrap();
    std::fs::create_dir(folder.join("work")).unwrap();
    let ended = Command::new("bash")
        .arg("../script")
        .current_dir(folder.join("work"))
        .env("SERVER", format!("http://{}", server.address))
        .env("API_TOKEN", TOKEN)
        .status()
        .unwrap();
    if !ended.success() {
        let begun = steps.iter().rev().find(|step| folder.join(format!("{}.out", step.line)).exists());
        let Step { line, typed, .. } = begun.unwrap();
        let said = |kind: &str| read(folder, *line, kind);
        panic!("docs/API.md line {line} failed ({ended}):\n{typed}\n{}\n{}", said("out"), said("err"));
    }
}

fn read(folder: &Path, line: usize, kind: &str) -> String {
    std::fs::read_to_string(folder.join(format!("{line}.{kind}"))).unwrap_or_default()
}

/// Whether an answer is what the page shows, and else where it is not.
fn fits(shown: &Value, came: &Value, place: &str) -> Result<(), String> {
    match (shown, came) {
        (Value::String(text), _) if text == ANYTHING => Ok(()),
        (Value::Object(shown), Value::Object(came)) => {
            for (name, value) in shown.iter().filter(|(name, _)| *name != ANYTHING) {
                let found = came.get(name).ok_or_else(|| format!("{place} has no {name}"))?;
                fits(value, found, &format!("{place}.{name}"))?;
            }
            let more = came.keys().find(|name| !shown.contains_key(*name));
            match more.filter(|_| !shown.contains_key(ANYTHING)) {
                Some(name) => Err(format!("{place} has {name}, which is not shown")),
                None => Ok(()),
            }
        }
        (Value::Array(shown), Value::Array(came)) if shown.len() == came.len() => {
            let mut pairs = shown.iter().zip(came).enumerate();
            pairs.try_for_each(|(number, (shown, came))| fits(shown, came, &format!("{place}[{number}]")))
        }
        _ if shown == came => Ok(()),
        _ => Err(format!("{place} is {came}, shown is {shown}")),
    }
}

#[test]
fn every_line_of_the_tour_does_what_it_says() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let steps = steps();
    assert!(steps.len() > 40, "{}", steps.len());
    run(&steps, &server, folder.path());
    for Step { line, shown, .. } in &steps {
        let Some((kind, shown)) = shown else { continue };
        let came = read(folder.path(), *line, "out");
        if kind == "text" {
            assert_eq!(came.trim_end(), shown.trim_end(), "docs/API.md line {line}");
            continue;
        }
        let shown: Value = serde_json::from_str(shown).unwrap_or_else(|e| panic!("line {line}: {e}"));
        let came: Value = serde_json::from_str(&came).unwrap_or_else(|e| panic!("line {line}: {e}: {came}"));
        fits(&shown, &came, "the answer").unwrap_or_else(|why| panic!("docs/API.md line {line}: {why}"));
    }
}

#[test]
fn what_is_shown_is_held_against_what_came() {
    let fits = |shown: &str, came: &str| {
        fits(&serde_json::from_str(shown).unwrap(), &serde_json::from_str(came).unwrap(), "").is_ok()
    };
    let came = r#"{"id": 1, "tags": ["a", "b"], "name": "nas"}"#;
    assert!(fits(r#"{"id": 1, "…": "…"}"#, came));
    assert!(fits(r#"{"id": "…", "tags": ["a", "…"], "name": "nas"}"#, came));
    for wrong in [
        r#"{"id": 1}"#,
        r#"{"id": 2, "…": "…"}"#,
        r#"{"tags": ["a"], "…": "…"}"#,
        r#"{"kind": "…", "…": "…"}"#,
    ] {
        assert!(!fits(wrong, came), "{wrong}");
    }
}

#[test]
fn every_operation_is_named() {
    let document = document(&Server::start());
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS.iter().filter(|method| item.get(method).is_some()) {
            let name = format!("`{} {path}`", method.to_uppercase());
            assert!(PAGE.contains(&name), "{name} is not in docs/API.md");
        }
    }
}
