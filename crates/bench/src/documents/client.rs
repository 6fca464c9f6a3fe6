//! A client that uploads and downloads, and does next to nothing else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::server::TOKEN;

const BOUNDARY: &str = "a-boundary-of-the-benchmark";
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes read at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// A connection that is kept.
pub(super) struct Client {
    stream: TcpStream,
    address: SocketAddr,
    piece: Vec<u8>,
}

impl Client {
    pub(super) fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, piece: vec![0; PIECE_BYTES] })
    }

    /// The first device of an empty database: its id is 1.
    pub(super) fn add_device(&mut self) -> anyhow::Result<()> {
        let body = br#"{"device_identifier":"documents"}"#;
        self.head("POST", "/api/benchmark", "Content-Type: application/json\r\n", body.len())?;
        self.stream.write_all(body)?;
        let (status, _, _) = self.answer()?;
        if status == 200 { Ok(()) } else { bail!("the device was refused with {status}") }
    }

    /// Uploads a file; where it can be downloaded.
    pub(super) fn upload(&mut self, content: &[u8]) -> anyhow::Result<String> {
        self.send(&[content])
    }

    /// The same with a number in front, which makes it another file.
    pub(super) fn upload_behind(&mut self, number: u64, content: &[u8]) -> anyhow::Result<String> {
        self.send(&[&number.to_le_bytes(), content])
    }

    fn send(&mut self, content: &[&[u8]]) -> anyhow::Result<String> {
        let before = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bench.bin\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let after = format!("\r\n--{BOUNDARY}--\r\n");
        let length = before.len() + content.iter().map(|part| part.len()).sum::<usize>() + after.len();
        let kind = format!("Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n");
        self.head("POST", "/api/devices/1/docs", &kind, length)?;
        self.stream.write_all(before.as_bytes())?;
        for part in content {
            self.stream.write_all(part)?;
        }
        self.stream.write_all(after.as_bytes())?;
        let (status, head, _) = self.answer()?;
        if status != 201 {
            bail!("an upload was refused with {status}");
        }
        let place = header(&head, "location").context("an upload without a Location")?;
        Ok(format!("{place}/download"))
    }

    /// Downloads a file; how many bytes came.
    pub(super) fn download(&mut self, path: &str) -> anyhow::Result<usize> {
        self.head("GET", path, "", 0)?;
        let (status, _, bytes) = self.answer()?;
        if status == 200 { Ok(bytes) } else { bail!("a download was refused with {status}") }
    }

    fn head(&mut self, method: &str, path: &str, more: &str, length: usize) -> anyhow::Result<()> {
        let address = self.address;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\n{more}\
             Content-Length: {length}\r\n\r\n"
        );
        Ok(self.stream.write_all(head.as_bytes())?)
    }

    /// Status, head and length of the next answer.
    fn answer(&mut self) -> anyhow::Result<(u16, String, usize)> {
        let mut begin = Vec::new();
        let end = loop {
            let read = self.stream.read(&mut self.piece)?;
            if read == 0 {
                bail!("the connection ended before the answer");
            }
            begin.extend_from_slice(&self.piece[..read]);
            if let Some(end) = begin.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
        };
        let head = String::from_utf8_lossy(&begin[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).context("no status")?;
        let length = header(&head, "content-length").context("no length")?.parse()?;
        let mut got = begin.len() - end - 4;
        while got < length {
            match self.stream.read(&mut self.piece)? {
                0 => bail!("the answer was cut off"),
                read => got += read,
            }
        }
        Ok((status, head, got))
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value))
}
