//! The configuration: read as text, then validated into [`Config`], which is all that travels.

mod auth_header;
mod cors;
mod error;
mod hosts;
mod proxies;
mod public_url;
mod read_access;
mod secret;
mod settings;
mod token;
mod uploads;
mod validate;

use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderName;

pub use crate::store::{DatabaseUrl, DatabaseUrlError};
pub use cors::CorsOrigins;
pub use error::ConfigError;
pub use hosts::AllowedHosts;
pub use proxies::TrustedProxies;
pub use public_url::PublicUrl;
pub use read_access::ReadAccess;
pub use secret::Secret;
pub use settings::Settings;
pub use uploads::UploadPlace;

/// Settings that were looked at and make sense together.
#[derive(Clone, Debug)]
pub struct Config {
    /// The operator's token; `None`: one is made and kept beside the database.
    pub api_token: Option<Secret>,
    /// Where the data lives.
    pub database: DatabaseUrl,
    /// How long PostgreSQL may take to answer. No setting: only tests have a reason for another time.
    pub database_patience: Duration,
    /// Name or address to listen on.
    pub host: String,
    /// Port to listen on; 0 takes any that is free.
    pub port: u16,
    /// What links say, whatever the client called us.
    pub public_url: Option<PublicUrl>,
    /// Whose forwarding headers count.
    pub trusted_proxies: TrustedProxies,
    /// The names in `Host` that are ours.
    pub allowed_hosts: AllowedHosts,
    /// Who may read without the token.
    pub read_access: ReadAccess,
    /// The header in which a trusted proxy names the user.
    pub auth_header: Option<HeaderName>,
    /// The other sites whose pages may speak to the API.
    pub cors_origins: CorsOrigins,
    /// Folder of `<target>/benchtools`.
    pub agent_dir: PathBuf,
    /// Where documents are kept.
    pub uploads: UploadPlace,
    /// The largest document that is taken, bytes.
    pub max_upload_bytes: u64,
    /// Folder for temporary files, where the operator named one.
    pub tmp_dir: Option<PathBuf>,
    /// How log lines look.
    pub log_format: LogFormat,
}

impl Config {
    /// True if not everybody sees the same: answers are then for one reader alone.
    pub fn tells_readers_apart(&self) -> bool {
        self.read_access != ReadAccess::Open || self.auth_header.is_some()
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}
