//! The command line: typed arguments, as given.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use report::Component;

/// Linux BenchTools: takes inventory of this machine, measures it, and sends the report to your server.
#[derive(Debug, Parser)]
#[command(name = "benchtools", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take inventory, measure, and send the report (the token comes from API_TOKEN in the environment)
    Run(Box<RunArgs>),
    /// Show what this machine is made of; measure and send nothing
    Inventory(InventoryArgs),
    /// Send the reports that are waiting on this machine
    Send(SendArgs),
    /// Check what a run needs, and say how to get what is missing
    Doctor(DoctorArgs),
    /// Measure one component: the plan on stdin, JSON lines on stdout
    #[command(hide = true)]
    Measure {
        /// Which component.
        #[arg(value_parser = component)]
        component: Component,
    },
}

/// Which server, and how to trust it.
#[derive(Clone, Debug, Args)]
pub struct ServerArgs {
    /// Address of the server: http://SERVER:8007, or the full .../api/benchmark
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Trust the certificate authorities in this PEM file, instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

/// Arguments of `run`: those of bench.sh, less the token.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// Which server.
    #[command(flatten)]
    pub server: ServerArgs,
    /// Name of this device (default: the host name)
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
    /// Also measure the network to this iperf3 server
    #[arg(long, value_name = "HOST")]
    pub iperf_server: Option<String>,
    /// Do not measure the processor
    #[arg(long)]
    pub skip_cpu: bool,
    /// Do not measure the memory
    #[arg(long)]
    pub skip_memory: bool,
    /// Do not measure the disk
    #[arg(long)]
    pub skip_disk: bool,
    /// Do not measure the network
    #[arg(long)]
    pub skip_network: bool,
    /// Do not measure the graphics
    #[arg(long)]
    pub skip_gpu: bool,
    /// At most 20 s (default: at most 90 s)
    #[arg(long, conflicts_with = "thorough")]
    pub short: bool,
    /// At most 10 min
    #[arg(long)]
    pub thorough: bool,
    /// Send the inventory; measure nothing
    #[arg(long)]
    pub inventory: bool,
    /// Stay away (exit code 3) rather than disturb a busy machine
    #[arg(long)]
    pub if_idle: bool,
    /// Measure the disk under this folder; may be repeated, the first one counts for the score
    #[arg(long, value_name = "DIR")]
    pub disk_path: Vec<PathBuf>,
    /// Measure the full network speed to a public address too
    #[arg(long)]
    pub full_network: bool,
    /// Send serial numbers in clear too, not only as keyed hashes
    #[arg(long)]
    pub include_serials: bool,
    /// Short label of this benchmark
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Note on this benchmark
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Print the report that would be sent, and send nothing; needs neither server nor token
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `inventory`.
#[derive(Clone, Debug, Args)]
pub struct InventoryArgs {
    /// As JSON, with the names that a report uses
    #[arg(long)]
    pub json: bool,
    /// Show serial numbers
    #[arg(long)]
    pub include_serials: bool,
}

/// Arguments of `send`.
#[derive(Clone, Debug, Args)]
pub struct SendArgs {
    /// Which server's reports (default: all, if they are for one server).
    #[command(flatten)]
    pub server: ServerArgs,
    /// Also send again what the server had refused
    #[arg(long)]
    pub retry_set_aside: bool,
    /// Also send to --server what waits for other addresses (a mistyped one, one from before https)
    #[arg(long, requires = "server")]
    pub all: bool,
}

/// Arguments of `doctor`.
#[derive(Clone, Debug, Args)]
pub struct DoctorArgs {
    /// Which server.
    #[command(flatten)]
    pub server: ServerArgs,
    /// Folder that the disk test would use
    #[arg(long, value_name = "DIR")]
    pub disk_path: Vec<PathBuf>,
}

fn component(name: &str) -> Result<Component, String> {
    Component::from_name(name).ok_or_else(|| {
        format!("unknown, expected one of {}", Component::ALL.map(Component::as_str).join(", "))
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
