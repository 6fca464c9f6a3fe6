//! Log lines on standard error, for people or for machines.

use std::io::{IsTerminal, stderr};
use std::panic;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::config::LogFormat;

/// What is logged unless `RUST_LOG` says otherwise.
const DEFAULT: &str = "info,sqlx=warn";

/// Sends log lines to standard error from now on, panics among them. `filter` is the text of `RUST_LOG`.
///
/// # Errors
/// When the filter cannot be read, or logging was set up before.
pub fn start(format: LogFormat, filter: Option<&str>) -> anyhow::Result<()> {
    let filter = filter.filter(|text| !text.is_empty()).unwrap_or(DEFAULT);
    let targets: Targets = filter.parse().map_err(|error| {
        anyhow::anyhow!(
            "RUST_LOG: {filter:?}: {error}. Expected: levels by module, such as RUST_LOG=info,sqlx=warn"
        )
    })?;
    let lines = match format {
        LogFormat::Text => {
            fmt::layer().with_writer(stderr).with_target(false).with_ansi(wants_colours()).boxed()
        }
        LogFormat::Json => fmt::layer().with_writer(stderr).json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(targets)).try_init()?;
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place, message = info.payload_as_str().unwrap_or("without a message"), "panic");
    }));
    Ok(())
}

/// Colours are for eyes: not for files and journals, nor for whoever asks for none (no-color.org).
fn wants_colours() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
