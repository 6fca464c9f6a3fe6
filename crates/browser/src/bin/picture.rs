//! Draws the picture of the ranking for README: `picture FILE.png [WIDTH [LANGUAGE [light]]]`.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use browser::{Chromium, Server, fleet};
use report::Timestamp;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().context("usage: picture FILE.png [WIDTH [LANGUAGE [light]]]")?);
    let width = arguments.next().map_or(Ok(1_280), |width| width.parse())?;
    let language = arguments.next().unwrap_or_else(|| "en".to_owned());
    let dark = arguments.next().as_deref() != Some("light");

    let server = Server::start().await?;
    fill(&server).await?;
    let chromium = Chromium::start().await?;
    chromium.look(width, 800, dark).await?;
    chromium.driver.goto(server.url(&format!("/?lang={language}"))).await?;
    let height: u32 = browser::page::value(&chromium.driver, "document.documentElement.scrollHeight").await?;
    chromium.look(width, height, dark).await?;
    chromium.driver.screenshot(&file).await?;
    server.stop().await
}

async fn fill(server: &Server) -> anyhow::Result<()> {
    for (id, machine) in (1..).zip(fleet::homelab()) {
        server.send(&fleet::report(&machine, now()?, id)).await?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the picture says when its machines were measured")]
fn now() -> anyhow::Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp::from_ms(i64::try_from(since.as_millis())?))
}
