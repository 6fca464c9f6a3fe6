//! Chromium, driven through a chromedriver that each test starts for itself.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A browser without a history; it ends with its owner.
pub struct Chromium {
    /// The session.
    pub driver: WebDriver,
    port: u16,
    session: String,
    // Dropped in this order: the driver's process before the profile that its browser writes to.
    _process: Child,
    _profile: TempDir,
}

/// A killed chromedriver would leave its browser behind, so the session is ended first, also when a test fails.
impl Drop for Chromium {
    fn drop(&mut self) {
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            self.session
        );
        let end = || -> std::io::Result<()> {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            stream.write_all(request.as_bytes())?;
            let mut answer = [0; 64];
            stream.read(&mut answer).map(drop)
        };
        if let Err(error) = end() {
            eprintln!("a browser may be left behind: {error}");
        }
        // The client's own end would wait for an answer to the same request, and hold this thread up meanwhile.
        if self.driver.clone().leak().is_err() {
            eprintln!("the session had ended before");
        }
    }
}

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

impl Chromium {
    /// Starts chromedriver on a free port and opens a window.
    ///
    /// # Errors
    /// When Debian's packages `chromium` and `chromium-driver` are not there, or do not start.
    pub async fn start() -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start chromedriver: install chromium and chromium-driver")?;
        let port = port(&mut process).await?;
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
        // The driver's client wants to know whose cryptography to use, though it speaks plain HTTP; the server's is ring.
        // An error says that a test before this one told it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
        let session = driver.handle().session_id().to_string();
        Ok(Self { driver, port, session, _process: process, _profile: profile })
    }

    /// Sets the size of the page and whether the system is dark.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn look(&self, width: u32, height: u32, dark: bool) -> anyhow::Result<()> {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.command("Emulation.setDeviceMetricsOverride", metrics).await?;
        let value = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.command("Emulation.setEmulatedMedia", media).await
    }

    /// Turns scripts of pages on or off, for what is opened next.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn scripts(&self, on: bool) -> anyhow::Result<()> {
        self.command("Emulation.setScriptExecutionDisabled", json!({"value": !on})).await
    }

    /// Says which languages the visitor reads.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn languages(&self, header: &str) -> anyhow::Result<()> {
        self.command("Network.enable", json!({})).await?;
        let headers = json!({"headers": {"Accept-Language": header}});
        self.command("Network.setExtraHTTPHeaders", headers).await
    }

    /// Everything that the page complained about since the last call: errors of scripts, refusals of its policy,
    /// files that are not there.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.driver.handle().get_log("browser").await?;
        Ok(entries.into_iter().map(|entry| format!("{entry:?}")).collect())
    }

    async fn command(&self, name: &str, parameters: serde_json::Value) -> anyhow::Result<()> {
        self.driver.cdp().send_raw(name, parameters).await?;
        Ok(())
    }
}

/// The port that chromedriver says it listens on.
async fn port(process: &mut Child) -> anyhow::Result<u16> {
    let output = process.stdout.take().context("its output was asked for")?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.rsplit_once("on port ")
            && let Ok(port) = port.trim_end_matches('.').parse()
            // The first line repeats what it was asked for.
            && port != 0
        {
            return Ok(port);
        }
    }
    anyhow::bail!("chromedriver ended without saying its port")
}
