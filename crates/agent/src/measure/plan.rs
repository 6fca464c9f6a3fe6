//! What is to be measured: the whole plan, and the part of it that one child process gets.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use report::metric::CATALOGUE;
use report::{Component, Preset};
use serde::{Deserialize, Serialize};

/// What one run measures, and within which bounds.
#[derive(Clone, Debug)]
pub struct MeasurePlan {
    /// How long it may take.
    pub preset: Preset,
    /// What is measured, in this order. Graphics is measured by a program of its own.
    pub components: Vec<Component>,
    /// Folders for the disk test; none: the current folder, or /var/tmp if that cannot be written.
    pub disk_paths: Vec<PathBuf>,
    /// The server to measure the network to; without one the network stands in `missing[]`.
    pub server: Option<ServerAccess>,
    /// Throughput to a public address too, not only round trips.
    pub full_network: bool,
    /// Measure with the real iperf3 against this host as well.
    pub iperf_server: Option<String>,
    /// Stay away from a machine that is still busy when the gate's time is up.
    pub if_idle: bool,
    /// Everything has stopped by then, the gate included. At most the preset's total from now.
    pub deadline: Instant,
    /// The program that runs a component (`<program> measure <component>`); none: this one.
    pub program: Option<PathBuf>,
}

/// How to reach the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerAccess {
    /// Its base address.
    pub url: String,
    /// The token, as plain text.
    pub token: String,
    /// A certificate authority of one's own, as a PEM file.
    pub ca_file: Option<PathBuf>,
}

/// What a child process reads from its standard input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComponentPlan {
    /// How long the run may take.
    pub preset: Preset,
    /// Time for this component, from the start of the process.
    pub budget: Duration,
    /// Folders for the disk test.
    #[serde(default)]
    pub disk_paths: Vec<PathBuf>,
    /// The server to measure the network to.
    #[serde(default)]
    pub server: Option<ServerAccess>,
    /// Throughput to a public address too.
    #[serde(default)]
    pub full_network: bool,
    /// Host of an iperf3 server.
    #[serde(default)]
    pub iperf_server: Option<String>,
    /// Only this metric, or those whose id starts like this.
    #[serde(default)]
    pub only: Option<String>,
    /// Settings of the disk test that differ from the preset's, for comparisons with other tools.
    #[serde(default)]
    pub disk: DiskTuning,
}

/// Settings of the disk test; what is absent follows the preset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskTuning {
    /// Size of the test file, bytes.
    pub file_bytes: Option<u64>,
    /// Requests in flight of the random tests at depth.
    pub queue_depth: Option<u32>,
    /// Do without io_uring.
    #[serde(default)]
    pub without_io_uring: bool,
}

impl ComponentPlan {
    /// A plan with this much time and nothing else set.
    pub fn new(preset: Preset, budget: Duration) -> Self {
        Self {
            preset,
            budget,
            disk_paths: Vec::new(),
            server: None,
            full_network: false,
            iperf_server: None,
            only: None,
            disk: DiskTuning::default(),
        }
    }

    /// Whether this metric is wanted.
    pub fn wants(&self, metric: &str) -> bool {
        let is_metric = |id: &str| CATALOGUE.iter().any(|definition| definition.id == id);
        self.only
            .as_deref()
            .is_none_or(|only| if is_metric(only) { metric == only } else { metric.starts_with(only) })
    }
}
