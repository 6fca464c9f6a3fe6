//! Machines whose files hold anything at all.

use std::fs;
use std::path::{Path, PathBuf};

use agent::probe::{ProbeOptions, Root, inventory, table};
use proptest::prelude::*;

use crate::tree;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            files(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}

/// Pieces that look right in some places, and bytes that look right nowhere.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "-1",
        "18446744073709551615",
        "\0",
        "0-4294967295",
        "=",
        ": ",
        "\n\n",
        " - ",
        "/",
        "..",
        "NaN",
        "0x",
    ];
    let piece = prop_oneof![
        proptest::sample::select(pieces.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn garbage_in_any_file_does_not_panic(
        machine in proptest::sample::select(vec!["proxmox", "kvm", "raspberry-pi-5", "lxc", "laptop"]),
        contents in proptest::collection::vec(garbage(), 1..12),
        stride in 1usize..4,
    ) {
        let folder = tree::lay_out(machine);
        let mut all = Vec::new();
        files(folder.path(), &mut all);
        all.sort();
        for (file, content) in all.iter().step_by(stride).zip(contents.iter().cycle()) {
            fs::write(file, content).expect("written");
        }
        let options = ProbeOptions { include_serials: true, fleet_key: Some([3; 32]) };
        let found = inventory(&Root::at(folder.path()), &options);
        let obeyed = table(&found).contains('\u{1b}');
        prop_assert!(!obeyed, "a terminal would obey it");
        let report = serde_json::json!({ "device_identifier": "x", "hardware": found.hardware, "missing": found.missing });
        prop_assert!(report::parse(report.to_string().as_bytes()).is_ok(), "its own server accepts it");
    }
}
