//! The server's side of the test, as this side asks for it.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use serde::Deserialize;
use ureq::SendBody;
use ureq::http::Response;
use ureq::http::header::{AUTHORIZATION, RETRY_AFTER};

use crate::deliver::http::client;
use crate::deliver::server::{ServerUrl, Token};
use crate::measure::plan::ServerAccess;

/// For questions that take no time but that of the way.
const QUESTION: Duration = Duration::from_secs(2);

/// Why the test does not go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum NetError {
    #[error("{0}")]
    Address(String),
    #[error("another machine is measuring its network")]
    Taken { retry_after: Duration },
    #[error("the server has no network test; it may be an older one")]
    NotSupported,
    #[error("the server does not accept the token")]
    NotPermitted,
    #[error("the server answered with status {0}")]
    Answer(u16),
    #[error("{0}")]
    Transfer(#[from] ureq::Error),
    #[error("{0}")]
    Read(#[from] io::Error),
}

impl NetError {
    /// The code that stands in the report.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Address(_) => "invalid",
            Self::Taken { .. } => "server_busy",
            Self::NotSupported => "not_supported",
            Self::NotPermitted => "not_permitted",
            Self::Answer(_) => "server_error",
            Self::Transfer(_) | Self::Read(_) => "unreachable",
        }
    }
}

/// What the server grants.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Granted {
    slot: String,
    pub(super) max_bytes: u64,
    /// This machine as the server sees it, and the server itself.
    pub(super) client_address: Option<String>,
    pub(super) server_address: Option<String>,
}

/// The way to the server.
#[derive(Clone)]
pub(super) struct Client {
    agent: ureq::Agent,
    pub(super) server: ServerUrl,
    bearer: String,
}

/// The place in the test, given back when it is dropped.
pub(super) struct Slot<'a> {
    client: &'a Client,
    pub(super) granted: Granted,
}

impl Client {
    pub(super) fn new(access: &ServerAccess) -> Result<Self, NetError> {
        let address = |error: &dyn std::fmt::Display| NetError::Address(error.to_string());
        let server = ServerUrl::parse(&access.url).map_err(|error| address(&error))?;
        let token = Token::parse(&access.token).map_err(|error| address(&error))?;
        let agent = client(&server, access.ca_file.as_deref()).map_err(|error| address(&error))?;
        Ok(Self { agent, server, bearer: token.bearer() })
    }

    /// Takes the place in the test; 429 says when to ask again.
    pub(super) fn take(&self) -> Result<Slot<'_>, NetError> {
        let request = self.agent.post(self.endpoint("slot")).header(AUTHORIZATION, &self.bearer);
        let request = request.config().timeout_global(Some(QUESTION)).build();
        let mut answer = accepted(request.send_empty()?)?;
        let granted: Granted = answer.body_mut().read_json()?;
        Ok(Slot { client: self, granted })
    }

    fn endpoint(&self, name: &str) -> String {
        self.server.endpoint(&format!("/api/net/v1/{name}"))
    }
}

impl Slot<'_> {
    /// One round trip.
    pub(super) fn ping(&self) -> Result<Duration, NetError> {
        let request = self.get("ping", QUESTION);
        let begun = Instant::now();
        let mut answer = accepted(request.call()?)?;
        let took = begun.elapsed();
        // Read to its end, so that the connection is used again.
        answer.body_mut().read_to_vec()?;
        Ok(took)
    }

    /// So many bytes from the server, to be read.
    pub(super) fn download(&self, bytes: u64, limit: Duration) -> Result<impl Read + use<>, NetError> {
        let request = self.get(&format!("download?bytes={bytes}"), limit);
        Ok(accepted(request.call()?)?.into_body().into_with_config().limit(u64::MAX).reader())
    }

    /// Sends what `body` yields; returns the bytes that arrived.
    pub(super) fn upload(&self, body: &mut dyn Read, limit: Duration) -> Result<u64, NetError> {
        #[derive(Deserialize)]
        struct Received {
            bytes: u64,
        }
        let client = self.client;
        let request = client.agent.post(client.endpoint("upload")).header(AUTHORIZATION, &client.bearer);
        let request = request.header("X-Net-Slot", &self.granted.slot);
        let request = request.config().timeout_global(Some(limit)).build();
        let mut answer = accepted(request.send(SendBody::from_reader(body))?)?;
        Ok(answer.body_mut().read_json::<Received>()?.bytes)
    }

    fn get(&self, name: &str, limit: Duration) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        let client = self.client;
        let request = client.agent.get(client.endpoint(name)).header(AUTHORIZATION, &client.bearer);
        request.header("X-Net-Slot", &self.granted.slot).config().timeout_global(Some(limit)).build()
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let client = self.client;
        let request = client.agent.delete(client.endpoint("slot")).header(AUTHORIZATION, &client.bearer);
        let request = request.header("X-Net-Slot", &self.granted.slot);
        // If the server does not hear it, the place becomes free by itself soon.
        let _ = request.config().timeout_global(Some(QUESTION / 4)).build().call();
    }
}

fn accepted(answer: Response<ureq::Body>) -> Result<Response<ureq::Body>, NetError> {
    match answer.status().as_u16() {
        200..=299 => Ok(answer),
        401 | 403 => Err(NetError::NotPermitted),
        404 | 405 => Err(NetError::NotSupported),
        429 => {
            let header = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let seconds = header.and_then(|value| value.parse().ok()).unwrap_or(1);
            Err(NetError::Taken { retry_after: Duration::from_secs(seconds) })
        }
        status => Err(NetError::Answer(status)),
    }
}
