//! The command line.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Parser, ValueEnum};

/// Measures this project's own programs, beside references taken in the same run.
#[derive(Clone, Debug, Parser)]
#[command(name = "benchtools-bench", version)]
pub(crate) struct Args {
    /// Only these parts, with commas [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Part>,
    /// The server, as it is released
    #[arg(long, value_name = "FILE", default_value = "dist/benchtools-server")]
    pub(crate) server: PathBuf,
    /// The agent, as it is released
    #[arg(long, value_name = "FILE")]
    pub(crate) agent: Option<PathBuf>,
    /// Where the databases and test files are made and removed: a folder on the disk that is to be measured
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Where the figures go, as JSON
    #[arg(long, value_name = "FILE", default_value = "dist/bench.json", env = "BENCH_OUT")]
    pub(crate) out: PathBuf,
    /// Rounds of a comparison
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub(crate) rounds: u32,
    /// Length of one side of a round of the ingest, seconds
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=30))]
    pub(crate) seconds: u64,
    /// Connections of the ingest
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) connections: u32,
    /// An empty PostgreSQL database that may be filled, for the ingest figure there
    #[arg(long, value_name = "URL", env = "TEST_POSTGRES_URL", hide_env_values = true)]
    pub(crate) postgres: Option<String>,
}

impl Args {
    /// Whether this part was asked for.
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// The agent, which has no default: its folder is named after the architecture.
    pub(crate) fn agent(&self) -> anyhow::Result<&Path> {
        self.agent.as_deref().context("name the agent with --agent")
    }
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Reports stored per second, beside raw SQLite
    Ingest,
    /// Lists, searches and benchmarks read per second
    Reads,
    /// Memory while everything is exported
    Export,
    /// Documents: upload, download, memory, in a folder and in a bucket
    Documents,
    /// Start on an existing database, and idle memory
    Start,
    /// Sizes of the programs
    Sizes,
    /// How long `benchtools run --short` takes
    Short,
    /// The prime loop, beside sysbench
    Prime,
    /// The disk's figures, beside fio
    Disk,
}

impl Part {
    /// All of them, in the order in which they are taken.
    pub(crate) const ALL: [Self; 9] = [
        Self::Ingest,
        Self::Reads,
        Self::Export,
        Self::Documents,
        Self::Start,
        Self::Sizes,
        Self::Short,
        Self::Prime,
        Self::Disk,
    ];

    /// What it is called in the output.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Ingest => "Ingest",
            Self::Reads => "Reads",
            Self::Export => "Export",
            Self::Documents => "Documents",
            Self::Start => "Start",
            Self::Sizes => "Sizes",
            Self::Short => "Short run",
            Self::Prime => "Prime loop",
            Self::Disk => "Disk",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
        assert!(Args::parse_from(["benchtools-bench"]).wants(Part::Ingest));
    }
}
