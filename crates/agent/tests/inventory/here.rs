//! The machine that the tests run on.

use agent::probe::{ProbeOptions, Root, inventory};

#[test]
fn a_report_with_this_machine_is_accepted() {
    let found = inventory(&Root::system(), &ProbeOptions { include_serials: true, fleet_key: Some([1; 32]) });
    let report = serde_json::json!({
        "device_identifier": "here",
        "hardware": found.hardware,
        "identity": found.keys.identity(Some(&[1; 32]), false),
        "missing": found.missing,
    });
    let parsed = report::parse(report.to_string().as_bytes()).expect("a report that its own server accepts");
    assert_eq!(parsed.hardware, found.hardware);
}
