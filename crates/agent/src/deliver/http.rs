//! The HTTP client: which certificates it trusts, which proxy it uses, how long it waits.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

use super::proxy;
use super::server::ServerUrl;

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
}

/// A client for this server. Answers of any status are answers, not errors; redirects are not followed,
/// for a token must not travel to another host.
///
/// # Errors
/// See [`ClientError`].
pub fn client(server: &ServerUrl, ca_file: Option<&Path>) -> Result<ureq::Agent, ClientError> {
    let scheme = if server.as_str().starts_with("https:") { "https" } else { "http" };
    let environment = |name: &str| std::env::var(name).ok();
    let proxy = proxy::proxy_for(scheme, server.host(), &environment)
        .map(|address| ureq::Proxy::new(&address).map_err(|_| ClientError::Proxy(address)))
        .transpose()?;
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("benchtools/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(Duration::from_secs(5)))
        .timeout_connect(Some(Duration::from_secs(5)))
        .proxy(proxy);
    let roots = match (ca_file, scheme) {
        (Some(path), _) => file_roots(path)?,
        (None, "https") => system_roots(),
        (None, _) => RootCerts::WebPki,
    };
    Ok(config.tls_config(TlsConfig::builder().root_certs(roots).build()).build().new_agent())
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

#[cfg(test)]
mod tests {
    use super::*;

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
