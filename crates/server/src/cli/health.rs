//! `benchtools-server health`: the check that a container runs, which has no curl.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(4);
/// More than any answer to this question has.
const ANSWER_BYTES: u64 = 64 * 1024;

/// Prints the server's answer; success only if it is 200.
pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let address = address(config)?;
    let answer = ask(address).with_context(|| format!("the server on {address} does not answer"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    println!("{}", body.trim());
    let well = head.split(' ').nth(1) == Some("200");
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where the server listens, seen from the same machine.
fn address(config: &Config) -> anyhow::Result<SocketAddr> {
    let mut found = (config.host.as_str(), config.port).to_socket_addrs()?;
    let mut address = found.next().with_context(|| format!("HOST {} has no address", config.host))?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    Ok(address)
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
