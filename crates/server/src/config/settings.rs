//! The settings as they are written: environment variables, and flags that override them.

use super::Secret;

/// Text from the environment or the command line, not yet looked at. Empty is the same as absent.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Settings {
    /// Token that clients must send; empty: one is made at the first start (`token show` prints it).
    /// As a flag it stands in the list of processes: prefer the environment
    #[arg(long, env = "API_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub api_token: Option<Secret>,

    /// Database: sqlite:///relative.db, sqlite:////absolute.db or postgresql://user:password@host/name
    /// [default: sqlite:///./data.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<Secret>,

    /// Address to listen on [default: 0.0.0.0]
    #[arg(long, env = "HOST", value_name = "ADDRESS")]
    pub host: Option<String>,

    /// Port to listen on [default: 8007]
    #[arg(long, env = "PORT", value_name = "PORT")]
    pub port: Option<String>,

    /// Address that links and the one-liner say, behind a proxy: `https://bench.example.org`
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Proxies whose X-Forwarded-* headers count: addresses or networks, with commas
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "LIST")]
    pub trusted_proxies: Option<String>,

    /// Names under which the server may be addressed, with commas; .example.org covers a domain
    /// [default: single words, *.local, *.lan, *.home.arpa; always: addresses, localhost, PUBLIC_URL]
    #[arg(long, env = "ALLOWED_HOSTS", value_name = "LIST")]
    pub allowed_hosts: Option<String>,

    /// Who may read without the token: open (anyone), public (anyone, but no serial numbers, addresses and raw reports)
    /// or token (nobody) [default: open]
    #[arg(long, env = "READ_ACCESS", value_name = "ACCESS")]
    pub read_access: Option<String>,

    /// Header in which a proxy names the user who signed in with it (Remote-User); it counts from TRUSTED_PROXIES only,
    /// and lets that user read and write
    #[arg(long, env = "AUTH_HEADER", value_name = "NAME")]
    pub auth_header: Option<String>,

    /// Other sites whose pages may speak to the API, with a token: origins with commas, or * [default: none]
    #[arg(long, env = "CORS_ORIGINS", value_name = "LIST")]
    pub cors_origins: Option<String>,

    /// Folder with `<target>/benchtools`, the programs that /agent serves [default: agent/ beside this program]
    #[arg(long, env = "AGENT_DIR", value_name = "FOLDER")]
    pub agent_dir: Option<String>,

    /// Where documents are kept: a folder, or s3://bucket/prefix with the usual AWS_* variables (AWS_ACCESS_KEY_ID,
    /// AWS_SECRET_ACCESS_KEY, AWS_REGION; AWS_ENDPOINT_URL for other servers than Amazon's) [default: ./uploads]
    #[arg(long, env = "UPLOAD_DIR", value_name = "PLACE")]
    pub upload_dir: Option<String>,

    /// The largest document that is taken, MiB [default: 100]
    #[arg(long, env = "MAX_UPLOAD_MB", value_name = "MIB")]
    pub max_upload_mb: Option<String>,

    /// Folder for temporary files; must be there and writable [default: none is needed]
    #[arg(long, env = "TMP_DIR", value_name = "FOLDER")]
    pub tmp_dir: Option<String>,

    /// How log lines look: text or json [default: text]
    #[arg(long, env = "LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<String>,
}
