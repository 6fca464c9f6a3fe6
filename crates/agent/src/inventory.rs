//! `benchtools inventory`: what this machine is made of, for people or as JSON.

use std::io::{self, Write as _};

use serde_json::json;

use crate::cli::InventoryArgs;
use crate::probe::{self, ProbeOptions, Root};
use crate::run::Ending;

/// Carries out `benchtools inventory`. Nothing is sent, so the fleet key is not missed.
///
/// # Errors
/// When standard output is closed.
pub fn inventory(args: &InventoryArgs) -> anyhow::Result<Ending> {
    let options = ProbeOptions { include_serials: args.include_serials, fleet_key: None };
    let mut found = probe::inventory(&Root::system(), &options);
    found.missing.retain(|missing| missing.reason.as_str() != "no_fleet_key");
    let mut text = if args.json {
        serde_json::to_string_pretty(&json!({"hardware": found.hardware, "missing": found.missing}))?
    } else {
        probe::table(&found)
    };
    text.push('\n');
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Ending::Done)
}
