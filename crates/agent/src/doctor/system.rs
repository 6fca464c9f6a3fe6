//! What the inventory may read, and the tools that help it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::Check;
use crate::surroundings::Surroundings;

pub(super) fn checks(surroundings: Surroundings) -> Vec<Check> {
    let root = match surroundings.is_root() {
        true => Check::good("runs as root"),
        false => Check::less(
            "does not run as root",
            "Memory modules, serial numbers and drive health may stay unread. Run it with sudo.",
        ),
    };
    vec![root, smartctl(find("smartctl", &surroundings.variable("PATH").unwrap_or_default()))]
}

fn smartctl(found: Option<PathBuf>) -> Check {
    match found {
        Some(path) => Check::good(format!("smartctl is there: {}", path.display())),
        None => Check::less(
            "smartctl is not installed",
            "The health of SATA and SAS drives stays unread. Install the package smartmontools.",
        ),
    }
}

/// The program in the search path, or in the folders that only root's search path has.
fn find(program: &str, search_path: &str) -> Option<PathBuf> {
    let folders = search_path.split(':').filter(|folder| !folder.is_empty()).chain(["/usr/sbin", "/sbin"]);
    folders.map(|folder| PathBuf::from(folder).join(program)).find(|path| {
        std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_the_search_path_if_they_can_run() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("some-tool-of-ours");
        std::fs::write(&program, "").unwrap();
        let path = folder.path().to_string_lossy().into_owned();
        assert_eq!(find("some-tool-of-ours", &path), None);
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(find("some-tool-of-ours", &format!(":/nonexistent:{path}")), Some(program));
    }
}
