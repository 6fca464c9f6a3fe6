//! The server as a child, with a database of its own.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::ground::{Ground, Running};

/// Its token.
pub(crate) const TOKEN: &str = "a-token-for-measuring-only";

/// How long it may take to start or to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two attempts to reach it.
const STEP: Duration = Duration::from_micros(200);

/// A running server.
pub(crate) struct Server<'a> {
    running: Running<'a>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From the start of the program to the first healthy answer.
    pub(crate) ready_after: Duration,
}

impl<'a> Server<'a> {
    /// Starts `program` on the database and waits until it is healthy. Its log goes to the file `log`.
    pub(crate) fn start(
        ground: &'a Ground,
        program: &Path,
        database: &str,
        log: &Path,
    ) -> anyhow::Result<Self> {
        Self::start_with(ground, program, database, log, &[])
    }

    /// The same, with variables of its environment.
    pub(crate) fn start_with(
        ground: &'a Ground,
        program: &Path,
        database: &str,
        log: &Path,
        variables: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        // The port is free at this moment, and the kernel does not hand out the same one again soon.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(program);
        command.arg("serve").env_clear().stdin(Stdio::null());
        command.env("HOST", "127.0.0.1").env("PORT", address.port().to_string());
        command.env("API_TOKEN", TOKEN).env("DATABASE_URL", database);
        command.env("UPLOAD_DIR", log.with_file_name("uploads"));
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        let log_file =
            std::fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdout(log_file.try_clone()?).stderr(log_file);
        let begun = Instant::now();
        let mut running = ground.spawn(&mut command)?;
        while !healthy(address) {
            if let Some(status) = running.ended()? {
                bail!("the server ended with {status}: {}", std::fs::read_to_string(log)?);
            }
            if begun.elapsed() > PATIENCE {
                bail!("the server is not healthy after {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(STEP);
        }
        Ok(Self { running, address, ready_after: begun.elapsed() })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.running.id()
    }

    /// Stops it in order.
    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.running.stop()
    }
}

/// Whether it answers 200 to the question how it is.
fn healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200 "))
}
