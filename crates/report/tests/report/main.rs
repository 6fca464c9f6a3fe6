//! Tests of the vocabulary: what a user of agent and server would notice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod differences;
mod document;
mod facts;
mod golden;
mod identity;
mod parse;
mod properties;
mod score;
mod verdict;

/// A report from JSON text.
fn report(json: &str) -> report::Report {
    report::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{error} in {json}"))
}

/// A report named `box` with further fields.
fn with(fields: serde_json::Value) -> report::Report {
    let mut document = serde_json::json!({"device_identifier": "box"});
    let serde_json::Value::Object(fields) = fields else { panic!("expected an object") };
    document.as_object_mut().unwrap().extend(fields);
    report(&document.to_string())
}
