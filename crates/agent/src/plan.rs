//! What a run shall do: the command line, checked. Only this travels on.

use std::path::{Path, PathBuf};
use std::time::Duration;

use report::text::{Name, Prose};
use report::{Component, DeviceIdentifier, Preset};

use crate::cli::{RunArgs, ServerArgs};
use crate::deliver::http::{ClientError, Link};
use crate::deliver::server::{ServerUrl, ServerUrlError, Token};

/// More folders than this cannot be measured in the time that any preset has.
const MAX_DISK_PATHS: usize = 8;

/// Paths travel in reports and between processes as text.
const NOT_TEXT: &str = "its name is not valid UTF-8, use it under another name";

/// A run, ready to start.
#[derive(Debug)]
pub struct Plan {
    /// How long it may take.
    pub preset: Preset,
    /// What is measured; nothing for `--inventory`.
    pub components: Vec<Component>,
    /// The server and its token; none only for a dry run.
    pub access: Option<Access>,
    /// Print the report instead of sending it.
    pub dry_run: bool,
    /// Measure nothing.
    pub inventory_only: bool,
    /// Stay away from a busy machine.
    pub if_idle: bool,
    /// The name that `--device` gave.
    pub device: Option<DeviceIdentifier>,
    /// Label of the benchmark.
    pub label: Option<Name>,
    /// Note on it.
    pub note: Option<Prose>,
    /// Folders for the disk test, absolute.
    pub disk_paths: Vec<PathBuf>,
    /// Throughput to public addresses too.
    pub full_network: bool,
    /// Host of an iperf3 server.
    pub iperf_server: Option<String>,
    /// Serial numbers in clear.
    pub include_serials: bool,
}

/// How to reach a server.
#[derive(Clone, Debug)]
pub struct Access {
    /// Its address.
    pub url: ServerUrl,
    /// The token.
    pub token: Token,
    /// Certificate authorities of one's own.
    pub ca_file: Option<PathBuf>,
}

/// Why a command line cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// No server where one is needed.
    #[error("no server given: add --server http://SERVER:8007")]
    NoServer,
    /// No token where one is needed.
    #[error("no token given: set API_TOKEN in the environment")]
    NoToken,
    /// The token cannot be one.
    #[error("{0}")]
    Token(&'static str),
    /// The address cannot be one.
    // Not as a source: the message has it, and a chain of errors would say it twice.
    #[error("--server: {0}")]
    Server(ServerUrlError),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A text that does not fit.
    #[error("{option}: {problem}")]
    Text {
        /// The option.
        option: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A folder that is none.
    #[error("--disk-path {path:?}: {problem}")]
    DiskPath {
        /// As given.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Too many folders.
    #[error("--disk-path: {0} folders, at most {MAX_DISK_PATHS} can be measured in one run")]
    TooManyDiskPaths(usize),
}

impl From<ServerUrlError> for PlanError {
    fn from(error: ServerUrlError) -> Self {
        Self::Server(error)
    }
}

impl Plan {
    /// Checks the arguments; `token` is what API_TOKEN holds.
    ///
    /// # Errors
    /// The first argument that cannot be carried out, by its name.
    pub fn new(args: RunArgs, token: Option<String>) -> Result<Self, PlanError> {
        let access = access(&args.server, token, args.dry_run)?;
        let components = components(&args);
        let text = |option, problem: &dyn std::fmt::Display| PlanError::Text {
            option,
            problem: problem.to_string(),
        };
        let device = args.device.as_deref().map(DeviceIdentifier::new).transpose();
        let label = args.label.map(Name::new).transpose();
        let note = args.note.map(Prose::new).transpose();
        Ok(Self {
            preset: preset(args.short, args.thorough),
            components,
            access,
            dry_run: args.dry_run,
            inventory_only: args.inventory,
            if_idle: args.if_idle,
            device: device.map_err(|problem| text("--device", &problem))?,
            label: label.map_err(|problem| text("--label", &problem))?,
            note: note.map_err(|problem| text("--note", &problem))?,
            disk_paths: disk_paths(&args.disk_path)?,
            full_network: args.full_network,
            iperf_server: host(args.iperf_server)?,
            include_serials: args.include_serials,
        })
    }

    /// The hard total of the preset.
    pub fn total(&self) -> Duration {
        crate::measure::total(self.preset)
    }
}

impl Access {
    /// The server of `--server`, and its token.
    ///
    /// # Errors
    /// When one of them is no such thing.
    pub fn new(url: &str, token: &str, ca_file: Option<&Path>) -> Result<Self, PlanError> {
        let token = Token::parse(token).map_err(PlanError::Token)?;
        if let Some(file) = ca_file.filter(|file| file.to_str().is_none()) {
            let problem = format!("{}: {NOT_TEXT}", file.display());
            return Err(PlanError::Text { option: "--ca-file", problem });
        }
        Ok(Self { url: ServerUrl::parse(url)?, token, ca_file: ca_file.map(Path::to_owned) })
    }

    /// The way there.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn link(&self) -> Result<Link, ClientError> {
        Link::new(self.url.clone(), self.token.clone(), self.ca_file.as_deref())
    }
}

/// A dry run uses a server and a token if it is given both, and needs neither.
fn access(server: &ServerArgs, token: Option<String>, dry_run: bool) -> Result<Option<Access>, PlanError> {
    let token = token.filter(|token| !token.trim().is_empty());
    match (&server.server, token) {
        (Some(url), Some(token)) => Access::new(url, &token, server.ca_file.as_deref()).map(Some),
        _ if dry_run => Ok(None),
        (None, _) => Err(PlanError::NoServer),
        (_, None) => Err(PlanError::NoToken),
    }
}

fn preset(short: bool, thorough: bool) -> Preset {
    match (short, thorough) {
        (true, _) => Preset::Short,
        (_, true) => Preset::Thorough,
        _ => Preset::Normal,
    }
}

fn components(args: &RunArgs) -> Vec<Component> {
    if args.inventory {
        return Vec::new();
    }
    let skipped = |component: &Component| match component {
        Component::Cpu => args.skip_cpu,
        Component::Memory => args.skip_memory,
        Component::Disk => args.skip_disk,
        Component::Network => args.skip_network,
        // Measured by a program of its own, which this version does not have.
        Component::Gpu => true,
    };
    Component::ALL.into_iter().filter(|component| !skipped(component)).collect()
}

fn host(given: Option<String>) -> Result<Option<String>, PlanError> {
    let good = |host: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_' | '[' | ']');
        !host.is_empty() && host.len() <= 255 && !host.starts_with('-') && host.chars().all(allowed)
    };
    match given {
        Some(host) if !good(&host) => {
            let problem = format!("{host:?} is no host name or address");
            Err(PlanError::Text { option: "--iperf-server", problem })
        }
        given => Ok(given),
    }
}

fn disk_paths(given: &[PathBuf]) -> Result<Vec<PathBuf>, PlanError> {
    if given.len() > MAX_DISK_PATHS {
        return Err(PlanError::TooManyDiskPaths(given.len()));
    }
    let mut paths = Vec::new();
    for path in given {
        let error = |problem: String| PlanError::DiskPath { path: path.clone(), problem };
        let real = path.canonicalize().map_err(|cause| error(cause.to_string()))?;
        if !real.is_dir() {
            return Err(error("not a folder; devices and files are never written to".to_owned()));
        }
        if real.to_str().is_none() {
            return Err(error(NOT_TEXT.to_owned()));
        }
        // The same folder twice is one.
        if !paths.contains(&real) {
            paths.push(real);
        }
    }
    Ok(paths)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
