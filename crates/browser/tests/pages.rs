//! The pages as a visitor sees them.

use browser::page::{accessibility, overflow, text, texts, value};
use browser::{Chromium, Server, fleet};
use report::Timestamp;
use thirtyfour::prelude::ElementQueryable;
use thirtyfour::{By, Key};

/// A moment in the past, so that nothing is measured in the future.
fn sent_at() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").expect("a moment")
}

async fn homelab() -> anyhow::Result<Server> {
    let server = Server::start().await?;
    for (id, machine) in (1..).zip(fleet::homelab()) {
        server.send(&fleet::report(&machine, sent_at(), id)).await?;
    }
    server.send(&fleet::old_client("attic", 41.0, 900)).await?;
    Ok(server)
}

#[tokio::test]
async fn the_fastest_stands_in_the_title_and_first_in_the_ranking() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/")).await?;
    assert_eq!(text(&chromium.driver, "h1").await?, "Fastest: workstation");
    let names = texts(&chromium.driver, ".ranking:not(.other) .who a").await?;
    let expected: Vec<String> = fleet::homelab().into_iter().map(|machine| machine.name).take(11).collect();
    assert_eq!(names, expected);
    assert_eq!(texts(&chromium.driver, ".waiting .who a").await?, ["thin-client"]);
    assert_eq!(texts(&chromium.driver, ".other .who a").await?, ["attic"]);
    assert_eq!(chromium.complaints().await?, Vec::<String>::new());
    server.stop().await
}

#[tokio::test]
async fn a_row_leads_to_its_machine() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/")).await?;
    // Anywhere on the row: its link lies over all of it.
    let score = chromium.driver.find(By::Css(".ranking tbody tr:nth-child(2) .score")).await?;
    chromium.driver.action_chain().move_to_element_center(&score).click().perform().await?;
    assert_eq!(text(&chromium.driver, "h1").await?, "pve-1");
    assert!(chromium.driver.current_url().await?.path().ends_with("-pve-1"));
    assert_eq!(texts(&chromium.driver, ".components tbody th").await?.len(), 5);
    assert_eq!(chromium.complaints().await?, Vec::<String>::new());
    server.stop().await
}

#[tokio::test]
async fn french_is_spoken_to_whoever_reads_it_and_remembered_when_chosen() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.languages("fr-FR,fr;q=0.9").await?;
    chromium.driver.goto(server.url("/")).await?;
    assert_eq!(text(&chromium.driver, "h1").await?, "La plus rapide\u{202f}: workstation");
    chromium.driver.goto(server.url("/d/2?lang=fr")).await?;
    assert!(chromium.driver.current_url().await?.as_str().ends_with("-pve-1?lang=fr"));
    assert_eq!(value::<String>(&chromium.driver, "document.documentElement.lang").await?, "fr");
    chromium.driver.find(By::Css("a[hreflang=en]")).await?.click().await?;
    chromium.driver.goto(server.url("/?kind=vm")).await?;
    assert_eq!(text(&chromium.driver, "h1").await?, "Fastest: vm-build");
    assert_eq!(value::<String>(&chromium.driver, "document.documentElement.lang").await?, "en");
    server.stop().await
}

#[tokio::test]
async fn the_theme_follows_the_system_until_another_is_chosen() -> anyhow::Result<()> {
    const BACKGROUND: &str = "getComputedStyle(document.body).backgroundColor";
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    for (dark, expected) in [(true, "rgb(29, 27, 24)"), (false, "rgb(250, 247, 241)")] {
        chromium.look(1_280, 800, dark).await?;
        chromium.driver.goto(server.url("/")).await?;
        assert_eq!(value::<String>(&chromium.driver, BACKGROUND).await?, expected);
    }
    chromium.driver.find(By::Css("a[href='/?theme=dark']")).await?.click().await?;
    chromium.driver.goto(server.url("/")).await?;
    assert_eq!(value::<String>(&chromium.driver, BACKGROUND).await?, "rgb(29, 27, 24)");
    server.stop().await
}

#[tokio::test]
async fn nothing_scrolls_sideways_and_nothing_offends_the_checker() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    let long = "x".repeat(200);
    server.send(&fleet::old_client(&long, 90.0, 901)).await?;
    for path in ["/", "/?lang=fr", "/?by=disk&lang=en", "/devices/1-workstation", "/nowhere"] {
        for width in [360, 768, 1_280, 1_920] {
            for dark in [true, false] {
                chromium.look(width, 900, dark).await?;
                chromium.driver.goto(server.url(path)).await?;
                assert_eq!(overflow(&chromium.driver).await?, 0, "{path} at {width}");
                let found = accessibility(&chromium.driver).await?;
                assert_eq!(found, Vec::<String>::new(), "{path} at {width}, dark: {dark}");
            }
        }
    }
    server.stop().await
}

#[tokio::test]
async fn the_keyboard_skips_to_the_content() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/")).await?;
    chromium.driver.active_element().await?.send_keys(Key::Tab + "").await?;
    assert_eq!(chromium.driver.active_element().await?.text().await?, "Skip to content");
    chromium.driver.active_element().await?.send_keys(Key::Enter + "").await?;
    assert_eq!(value::<String>(&chromium.driver, "document.activeElement.id").await?, "main");
    server.stop().await
}

#[tokio::test]
async fn the_command_is_copied_or_at_least_selected() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/")).await?;
    chromium.driver.find(By::Css(".measure > summary")).await?.click().await?;
    let command = text(&chromium.driver, "#command").await?;
    assert!(command.starts_with(&format!("curl -fsSL {}", server.url("/bench.sh"))), "{command}");
    // As on a plain-http address, which has no clipboard.
    chromium
        .driver
        .execute("Object.defineProperty(navigator, 'clipboard', {value: undefined})", Vec::new())
        .await?;
    chromium.driver.find(By::Css("button[data-copy]")).await?.click().await?;
    assert_eq!(value::<String>(&chromium.driver, "String(getSelection())").await?, command);
    assert!(text(&chromium.driver, "[role=status]").await?.starts_with("Selected"));
    server.stop().await
}

#[tokio::test]
async fn without_scripts_everything_can_be_read_and_chosen() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.scripts(false).await?;
    chromium.driver.goto(server.url("/")).await?;
    assert_eq!(text(&chromium.driver, "h1").await?, "Fastest: workstation");
    assert!(!chromium.driver.find(By::Css("button[data-copy]")).await?.is_displayed().await?);
    chromium.driver.find(By::Css("option[value=network]")).await?.click().await?;
    chromium.driver.find(By::Css(".by button")).await?.click().await?;
    assert!(text(&chromium.driver, "h1").await?.starts_with("Fastest network"));
    server.stop().await
}

#[tokio::test]
async fn an_empty_server_says_how_to_begin() -> anyhow::Result<()> {
    let (server, chromium) = (Server::start().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/")).await?;
    assert_eq!(text(&chromium.driver, "h1").await?, "Measure your first machine");
    assert!(text(&chromium.driver, "#command").await?.ends_with("--token TOKEN"));
    assert_eq!(chromium.complaints().await?, Vec::<String>::new());
    server.stop().await
}

#[tokio::test]
async fn the_first_load_is_small() -> anyhow::Result<()> {
    let (server, chromium) = (homelab().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/")).await?;
    let sizes = "performance.getEntries().filter(e => 'encodedBodySize' in e).map(e => e.encodedBodySize)";
    let sizes: Vec<u64> = value(&chromium.driver, sizes).await?;
    let total: u64 = sizes.iter().sum();
    assert!(sizes[0] < 60_000 && total < 100_000, "{sizes:?}");
    server.stop().await
}

#[tokio::test]
async fn the_api_is_shown_with_its_operations_by_chapter() -> anyhow::Result<()> {
    let (server, chromium) = (Server::start().await?, Chromium::start().await?);
    chromium.driver.goto(server.url("/docs")).await?;
    chromium.driver.query(By::Css(".opblock")).first().await?;
    let chapters = texts(&chromium.driver, ".opblock-tag a").await?;
    assert!(
        chapters.contains(&"devices".to_owned()) && !chapters.contains(&"default".to_owned()),
        "{chapters:?}"
    );
    assert_eq!(chromium.complaints().await?, Vec::<String>::new());
    server.stop().await
}
