//! `benchtools-s3 FOLDER`: an S3 server on this machine alone, for the tests and for `make bench`. The folders in FOLDER are its
//! buckets; its address is the first line that it prints. It ends with whoever started it: when its standard input does.

use std::io::Read;

use anyhow::{Context, anyhow};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

/// What its clients must sign with.
const KEY: (&str, &str) = ("benchtools", "a-key-for-tests-only");

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).context("name the folder of the buckets")?;
    let files = FileSystem::new(folder).map_err(|error| anyhow!("cannot use the folder: {error:?}"))?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
    let service = builder.build();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    std::thread::spawn(|| {
        // Whoever started it holds the other end.
        let read = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(i32::from(read.is_err()));
    });
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            // A client that goes away in the middle is its own business.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}
