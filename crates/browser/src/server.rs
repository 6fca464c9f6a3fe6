//! A server on a free port with a database of its own, and a way to hand it reports.

use std::path::Path;

use anyhow::{Context, bail};
use server::config::{Secret, Settings};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The token of the servers of these tests.
const TOKEN: &str = "a-token-for-tests-only";

/// A running server; its folder goes with it.
pub struct Server {
    address: std::net::SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
    folder: TempDir,
}

impl Server {
    /// Starts one, with an empty database.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let settings = Settings {
            api_token: Some(Secret::new(TOKEN)),
            database_url: Some(Secret::new(format!("sqlite:///{}/data.db", folder.path().display()))),
            upload_dir: Some(folder.path().join("uploads").display().to_string()),
            ..Settings::default()
        };
        let config = settings.validate(&folder.path().join("benchtools-server"))?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let task = tokio::spawn(async move { Ok(server::serve(listener, config, stop).await?) });
        Ok(Self { address, shutdown, task, folder })
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The folder of its database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends a report, as an agent does.
    ///
    /// # Errors
    /// When it is not accepted.
    pub async fn send(&self, report: &serde_json::Value) -> anyhow::Result<serde_json::Value> {
        let body = serde_json::to_vec(report)?;
        let head = format!(
            "POST /api/benchmark HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let answer = self.exchange(&[head.as_bytes(), &body]).await?;
        let (head, body) = answer.split_once("\r\n\r\n").context("an answer has a head")?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("refused: {head}\n{body}");
        }
        Ok(serde_json::from_str(body)?)
    }

    async fn exchange(&self, request: &[&[u8]]) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        for part in request {
            stream.write_all(part).await?;
        }
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8(answer)?)
    }

    /// Stops it and waits until it has.
    ///
    /// # Errors
    /// When it did not stop well.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.shutdown.cancel();
        self.task.await?
    }
}
