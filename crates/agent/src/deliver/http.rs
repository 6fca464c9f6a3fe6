//! The HTTP client: which certificates it trusts, which proxy it uses, how long it waits.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

use report::{ReportId, Timestamp};
use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};

use super::answer::{Kept, Outcome, Received};
use super::config::{self, AgentConfig, ConfigError};
use super::forward;
use super::proxy;
use super::server::{ServerUrl, Token};

/// More than any answer of ours to a report or a question for the configuration holds.
const MAX_ANSWER: u64 = 1 << 20;
/// For a question whose answer must not hold up the run.
const QUESTION: Duration = Duration::from_secs(4);

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// `--ca-file` cannot be read.
    #[error("--ca-file {path:?} cannot be read")]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `--ca-file` holds no certificate.
    #[error("--ca-file {0:?} holds no certificate in PEM form")]
    NoCertificate(PathBuf),
    /// The proxy that the environment names is no proxy address.
    #[error("the proxy {0:?}, named in the environment, is no proxy address")]
    Proxy(String),
    /// The proxy that the environment names speaks a protocol that we do not. Its address may hold a password.
    #[error("the environment names a SOCKS proxy, SOCKS is not supported: set no_proxy to the server's name")]
    Socks,
}

/// A client for this server. Answers of any status are answers, not errors; redirects are not followed,
/// for a token must not travel to another host.
///
/// # Errors
/// See [`ClientError`].
pub fn client(server: &ServerUrl, ca_file: Option<&Path>) -> Result<ureq::Agent, ClientError> {
    let scheme = if server.as_str().starts_with("https:") { "https" } else { "http" };
    let environment = |name: &str| std::env::var(name).ok();
    let proxy = proxy::proxy_for(scheme, server.host(), &environment);
    let proxy = proxy.map(known_proxy).transpose()?;
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("benchtools/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(Duration::from_secs(5)))
        .timeout_connect(Some(Duration::from_secs(5)));
    if scheme == "http" {
        // A proxy with a password, or of another protocol, is left to the library.
        return Ok(match proxy {
            Some(proxy) if proxy.protocol() == ureq::ProxyProtocol::Http && proxy.username().is_none() => {
                forward::client(config.proxy(None).max_idle_connections(0).build(), proxy.uri().clone())
            }
            proxy => config.proxy(proxy).build().new_agent(),
        });
    }
    let roots = match ca_file {
        Some(path) => file_roots(path)?,
        None => system_roots(),
    };
    let tls = TlsConfig::builder().root_certs(roots).build();
    Ok(config.proxy(proxy).tls_config(tls).build().new_agent())
}

/// The library takes the addresses of SOCKS proxies, and panics when it connects to one.
fn known_proxy(address: String) -> Result<ureq::Proxy, ClientError> {
    match ureq::Proxy::new(&address) {
        Ok(proxy) => match proxy.protocol() {
            ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https => Ok(proxy),
            _ => Err(ClientError::Socks),
        },
        Err(_) => Err(ClientError::Proxy(address)),
    }
}

fn file_roots(path: &Path) -> Result<RootCerts, ClientError> {
    let pem = std::fs::read(path).map_err(|source| ClientError::CaFile { path: path.to_owned(), source })?;
    let certificates: Vec<_> = ureq::tls::parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(ClientError::NoCertificate(path.to_owned()));
    }
    Ok(certificates.into())
}

/// The system's certificate store, or what SSL_CERT_FILE and SSL_CERT_DIR name, as curl does it: where
/// curl trusts a home authority, so do we. A machine without a store gets the built-in roots.
fn system_roots() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    found.iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>().into()
}

/// The way to one server, with the token that opens it.
pub struct Link {
    agent: ureq::Agent,
    server: ServerUrl,
    token: Token,
}

impl Link {
    /// Prepares the way; nothing is sent yet.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn new(server: ServerUrl, token: Token, ca_file: Option<&Path>) -> Result<Self, ClientError> {
        Ok(Self { agent: client(&server, ca_file)?, server, token })
    }

    /// The server.
    pub fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Asks for the agents' configuration: whether the server is there, whether it accepts the token.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn config(&self) -> Result<AgentConfig, ConfigError> {
        let received = self.get(config::PATH).map_err(ConfigError::Away)?;
        match received.moved(&self.server) {
            Some(there) => Err(ConfigError::Moved(there)),
            None => AgentConfig::read(&received),
        }
    }

    /// The answer to a question, or what kept it away, in words.
    ///
    /// # Errors
    /// The words.
    pub fn get(&self, path: &str) -> Result<Received, String> {
        let request = self
            .agent
            .get(self.server.endpoint(path))
            .config()
            .timeout_global(Some(QUESTION))
            .build()
            .header(AUTHORIZATION, self.token.bearer());
        receive(request.call()).map_err(|error| self.describe(&error))
    }

    /// Sends a report within `limit`; `sent_at` lets the server correct a wrong clock.
    pub fn post_report(
        &self,
        body: &[u8],
        sent_at: Timestamp,
        report_id: ReportId,
        limit: Duration,
    ) -> Outcome {
        let request = self
            .agent
            .post(self.server.endpoint("/api/benchmark"))
            .config()
            .timeout_global(Some(limit))
            .build()
            .header(AUTHORIZATION, self.token.bearer())
            .header(CONTENT_TYPE, "application/json")
            .header("X-Sent-At", sent_at.to_string());
        match receive(request.send(body)) {
            Ok(received) => received.outcome(report_id),
            Err(error) => Outcome::Kept(Kept {
                why: self.describe(&error),
                passing: true,
                slow: matches!(error, ureq::Error::Timeout(_)),
                token: false,
                retry_after: None,
            }),
        }
    }

    fn describe(&self, error: &ureq::Error) -> String {
        let server = &self.server;
        match error {
            ureq::Error::HostNotFound => format!("{server}: the host name is not known"),
            ureq::Error::Timeout(_) => format!("{server} did not answer in time"),
            ureq::Error::Io(error) => format!("{server} cannot be reached: {error}"),
            error => format!("{server} cannot be reached: {error}"),
        }
    }
}

fn receive(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Received, ureq::Error> {
    let mut answer = answer?;
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let content_type = header(CONTENT_TYPE).unwrap_or_default().to_owned();
    let date = header(DATE).map(str::to_owned);
    let location = header(LOCATION).map(str::to_owned);
    let retry_after_s = header(RETRY_AFTER).and_then(|value| value.parse().ok());
    let status = answer.status().as_u16();
    let body = match answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec() {
        // A page that long is none of ours: what it says does not matter.
        Err(ureq::Error::BodyExceedsLimit(_)) => Vec::new(),
        body => body?,
    };
    Ok(Received { status, content_type, retry_after_s, location, date, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_cannot_be_used_is_refused() {
        for address in ["socks5://127.0.0.1:1080", "socks4a://127.0.0.1:1080", "socks5h://a:b@proxy.lan"] {
            let refused = known_proxy(address.to_owned()).unwrap_err().to_string();
            assert!(refused.contains("SOCKS is not supported"), "{address}: {refused}");
        }
        assert!(known_proxy("http://proxy.lan:3128".to_owned()).is_ok());
        assert!(known_proxy("https://proxy.lan:3128".to_owned()).is_ok());
    }

    #[test]
    fn a_ca_file_that_is_none_is_refused() {
        let server = ServerUrl::parse("https://bench.lan").unwrap();
        let missing = client(&server, Some(Path::new("/nonexistent/ca.pem"))).unwrap_err();
        assert!(missing.to_string().contains("/nonexistent/ca.pem"), "{missing}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, "not PEM").unwrap();
        assert!(client(&server, Some(&file)).unwrap_err().to_string().contains("no certificate"));
    }
}
