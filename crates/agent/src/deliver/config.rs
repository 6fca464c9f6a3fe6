//! What the server tells its agents: the fleet key, with which a machine's serial numbers are hashed.

use std::io;
use std::path::{Path, PathBuf};

use report::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::answer::Received;
use super::place;
use super::server::ServerUrl;

/// Where agents ask for it.
pub const PATH: &str = "/api/agent/config";

/// 32 random bytes that all agents of one server share. Never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FleetKey([u8; 32]);

impl FleetKey {
    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).ok()?;
        Some(Self(key))
    }

    /// The key.
    pub fn bytes(self) -> [u8; 32] {
        self.0
    }

    fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

impl std::fmt::Debug for FleetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FleetKey(..)")
    }
}

/// The server's answer to `/api/agent/config`.
#[derive(Clone, Debug)]
pub struct AgentConfig {
    /// The fleet key.
    pub fleet_key: FleetKey,
    /// Version of the server.
    pub server_version: Option<String>,
    /// The server's clock.
    pub time: Option<Timestamp>,
}

/// Why there is no such answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The server is there and does not accept the token.
    #[error("the server does not accept this token ({0})")]
    Token(u16),
    /// The server is to be spoken to at this address.
    #[error("the server leads on to another address: use --server {0}")]
    Moved(ServerUrl),
    /// The server cannot be reached.
    #[error("{0}")]
    Away(String),
    /// Something answered, but not as a BenchTools server does.
    #[error("{0}")]
    NotOurs(String),
}

#[derive(Deserialize)]
struct Wire {
    fleet_key: String,
    #[serde(default)]
    server_version: Option<String>,
    #[serde(default)]
    time: Option<String>,
}

impl AgentConfig {
    /// Reads the answer.
    ///
    /// # Errors
    /// When the token is not accepted, or the answer is none of a BenchTools server.
    pub fn read(received: &Received) -> Result<Self, ConfigError> {
        if matches!(received.status, 401 | 403) {
            return Err(ConfigError::Token(received.status));
        }
        if received.status != 200 {
            return Err(ConfigError::NotOurs(received.describe()));
        }
        let not_ours = || {
            ConfigError::NotOurs(
                "the answer is not a BenchTools server's; is there a login page in between?".to_owned(),
            )
        };
        let wire: Wire = serde_json::from_slice(&received.body).map_err(|_| not_ours())?;
        let fleet_key = FleetKey::from_hex(&wire.fleet_key).ok_or_else(not_ours)?;
        let time = wire.time.as_deref().and_then(Timestamp::parse);
        Ok(Self { fleet_key, server_version: wire.server_version, time })
    }
}

impl Received {
    /// The address to which the answer to this question leads on, if a server of ours may be there: the same
    /// question at another address, or the same host with https. A login page is neither, and nobody is led
    /// from https to http.
    pub fn moved(&self, server: &ServerUrl) -> Option<ServerUrl> {
        let leads_on = matches!(self.status, 301 | 302 | 303 | 307 | 308);
        let location = self.location.as_deref().filter(|location| leads_on && location.contains("://"))?;
        let question = location.strip_suffix(PATH);
        let there = ServerUrl::parse(question.unwrap_or(location)).ok()?;
        let secured = there.as_str().starts_with("https:");
        // Some proxies lead to https and lose the path.
        let front = secured && there.host() == server.host() && !there.has_path();
        let downgrade = server.as_str().starts_with("https:") && !secured;
        ((question.is_some() || front) && there != *server && !downgrade).then_some(there)
    }
}

#[derive(Serialize, Deserialize)]
struct Cached {
    server: ServerUrl,
    fleet_key: String,
}

/// The fleet key that this server gave at an earlier run.
pub fn cached(state: &Path, server: &ServerUrl) -> Option<FleetKey> {
    let bytes = std::fs::read(cache_file(state, server)).ok()?;
    let cached: Cached = serde_json::from_slice(&bytes).ok()?;
    if cached.server == *server { FleetKey::from_hex(&cached.fleet_key) } else { None }
}

/// Keeps the fleet key for runs during which the server is away. Only the owner may read it.
///
/// # Errors
/// When it cannot be written.
pub fn cache(state: &Path, server: &ServerUrl, key: FleetKey) -> io::Result<()> {
    if cached(state, server) == Some(key) {
        return Ok(());
    }
    let file = cache_file(state, server);
    place::make_private_folder(&state.join("fleet-keys"))?;
    let cached = Cached { server: server.clone(), fleet_key: key.to_hex() };
    place::write_private(&file, &[&serde_json::to_vec(&cached)?])
}

fn cache_file(state: &Path, server: &ServerUrl) -> PathBuf {
    let digest = Sha256::digest(server.as_str().as_bytes());
    let name = hex::encode(&digest[..8]);
    state.join("fleet-keys").join(format!("{name}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(status: u16, body: &str) -> Received {
        Received { status, body: body.as_bytes().to_vec(), ..Received::default() }
    }

    #[test]
    fn the_key_is_read_or_the_reason_why_not_is_told() {
        let key = "0f".repeat(32);
        let body = format!(r#"{{"fleet_key":"{key}","server_version":"1","time":"2026-03-01T12:00:00Z"}}"#);
        let config = AgentConfig::read(&received(200, &body)).unwrap();
        assert_eq!(config.fleet_key.bytes(), [0x0f; 32]);
        assert_eq!(config.time.unwrap().to_string(), "2026-03-01T12:00:00.000Z");
        assert_eq!(format!("{:?}", config.fleet_key), "FleetKey(..)");
        let error = |status, body| AgentConfig::read(&received(status, body)).unwrap_err();
        assert_eq!(error(401, ""), ConfigError::Token(401));
        assert!(matches!(error(404, ""), ConfigError::NotOurs(_)));
        assert!(matches!(error(200, "<html>"), ConfigError::NotOurs(_)));
        assert!(matches!(error(200, r#"{"fleet_key":"00"}"#), ConfigError::NotOurs(_)));
    }

    #[test]
    fn a_server_has_moved_to_where_the_same_question_is_answered() {
        let server = ServerUrl::parse("http://bench.lan/tools").unwrap();
        let moved = |status, location: &str| {
            let received = Received { location: Some(location.to_owned()), ..received(status, "") };
            received.moved(&server).map(|there| there.to_string())
        };
        let there = "https://bench.lan/tools/api/agent/config";
        assert_eq!(moved(301, there).as_deref(), Some("https://bench.lan/tools"));
        assert_eq!(moved(308, there).as_deref(), Some("https://bench.lan/tools"));
        assert_eq!(moved(302, there).as_deref(), Some("https://bench.lan/tools"));
        assert_eq!(moved(307, "https://bench.lan/").as_deref(), Some("https://bench.lan"));
        let other = "https://other.lan/tools/api/agent/config";
        assert_eq!(moved(302, other).as_deref(), Some("https://other.lan/tools"));
        assert_eq!(moved(200, there), None);
        assert_eq!(moved(301, "http://bench.lan/tools/api/agent/config"), None);
        assert_eq!(moved(302, "https://bench.lan/login"), None);
        assert_eq!(moved(302, "https://portal.lan/"), None);
        assert_eq!(moved(302, "https://portal.lan/?to=http://bench.lan/tools/api/agent/config"), None);
        assert_eq!(moved(302, "/tools/api/agent/config"), None);
        let secured = ServerUrl::parse("https://bench.lan").unwrap();
        let location = Some("http://bench.lan/api/agent/config".to_owned());
        assert_eq!(Received { location, ..received(302, "") }.moved(&secured), None);
    }

    #[test]
    fn each_server_has_its_key_and_only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let server = |name: &str| ServerUrl::parse(&format!("http://{name}")).unwrap();
        let key = |byte: &str| FleetKey::from_hex(&byte.repeat(32)).unwrap();
        assert_eq!(cached(state.path(), &server("a")), None);
        cache(state.path(), &server("a"), key("01")).unwrap();
        cache(state.path(), &server("b"), key("02")).unwrap();
        cache(state.path(), &server("a"), key("03")).unwrap();
        assert_eq!(cached(state.path(), &server("a")), Some(key("03")));
        assert_eq!(cached(state.path(), &server("b")), Some(key("02")));
        let mode = std::fs::metadata(cache_file(state.path(), &server("a"))).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
