//! HTTP to the bucket, in the clear or over TLS: what `object_store` speaks through.
//!
//! Its own way is `reqwest` with HTTP/2, which no server of S3 needs and which is a twentieth of this program.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::{ClientConfigKey, ClientOptions};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(5);
/// Until a request is sent and its answer begins.
const ANSWER: Duration = Duration::from_secs(60);
/// A connection that nothing uses is closed.
const IDLE: Duration = Duration::from_secs(90);

/// Makes clients.
#[derive(Debug)]
pub(super) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let plain = options.get_config_value(&ClientConfigKey::AllowHttp).as_deref() == Some("true");
        let tls = tls(plain).map_err(|error| object_store::Error::Generic { store: "S3", source: error })?;
        let mut tcp = Tcp::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls);
        let builder = if plain { builder.https_or_http() } else { builder.https_only() };
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(builder.enable_http1().wrap_connector(tcp));
        Ok(HttpClient::new(Client { pool }))
    }
}

/// Trusts the certificate authorities of this system (`SSL_CERT_FILE`, `SSL_CERT_DIR`). Where the bucket is reached in the
/// clear there need not be any.
fn tls(plain: bool) -> Result<ClientConfig, Box<dyn Error + Send + Sync>> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() && !plain {
        let first = found.errors.into_iter().next().map_or_else(String::new, |error| format!(" ({error})"));
        return Err(format!(
            "no certificate authority is known here{first}: install ca-certificates, or name a file with SSL_CERT_FILE"
        )
        .into());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// A pool of connections.
#[derive(Debug)]
struct Client {
    pool: Pool<HttpsConnector<Tcp>, HttpRequestBody>,
}

impl HttpService for Client {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> BoxFuture<'b, Result<HttpResponse, HttpError>>
    where
        'a: 'b,
        Self: 'b,
    {
        async move {
            let answer = tokio::time::timeout(ANSWER, self.pool.request(request))
                .await
                .map_err(|late| HttpError::new(HttpErrorKind::Timeout, late))?
                .map_err(|error| {
                    let kind = if error.is_connect() { HttpErrorKind::Connect } else { kind(&error) };
                    HttpError::new(kind, error)
                })?;
            Ok(answer
                .map(|body| HttpResponseBody::new(body.map_err(|error| HttpError::new(kind(&error), error)))))
        }
        .boxed()
    }
}

/// What went wrong, as far as it matters to whether the request is sent again.
fn kind(error: &(dyn Error + 'static)) -> HttpErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            if error.is_timeout() {
                return HttpErrorKind::Timeout;
            }
            if error.is_closed() || error.is_incomplete_message() || error.is_body_write_aborted() {
                return HttpErrorKind::Request;
            }
        }
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::TimedOut) => return HttpErrorKind::Timeout,
            Some(
                io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof,
            ) => return HttpErrorKind::Interrupted,
            _ => cause = error.source(),
        }
    }
    HttpErrorKind::Unknown
}
