//! Lays out a fixture file as a tree, in a folder that goes with the test.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The tree of `tests/fixtures/NAME.tree`.
pub(crate) fn lay_out(name: &str) -> TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.tree"));
    let text = fs::read_to_string(source).expect("the fixture is there");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(path) = line.strip_suffix(" <<") {
            let content: Vec<&str> = lines.by_ref().take_while(|line| *line != ">>").collect();
            write(&folder, path, format!("{}\n", content.join("\n")));
        } else if let Some((path, target)) = line.split_once(" -> ") {
            symlink(target, place(&folder, path)).expect("a link");
        } else if let Some((path, value)) = line.split_once(" =") {
            write(
                &folder,
                path,
                format!("{}\n", value.strip_prefix(' ').unwrap_or(value).replace("\\0", "\0")),
            );
        } else {
            let path = line.strip_suffix('/').unwrap_or_else(|| panic!("not a line of a tree: {line}"));
            fs::create_dir_all(place(&folder, path)).expect("a folder");
        }
    }
    folder
}

/// Adds a file.
pub(crate) fn write(folder: &TempDir, path: &str, content: impl AsRef<[u8]>) {
    fs::write(place(folder, path), content).unwrap_or_else(|error| panic!("{path}: {error}"));
}

fn place(folder: &TempDir, path: &str) -> PathBuf {
    let place = folder.path().join(path.trim_start_matches('/'));
    fs::create_dir_all(place.parent().expect("a parent")).expect("a folder");
    place
}
