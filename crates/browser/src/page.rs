//! What a visitor would notice of the open page.

use anyhow::Context;
use thirtyfour::{By, WebDriver};

/// The text of the first element of a selector.
///
/// # Errors
/// When there is none.
pub async fn text(driver: &WebDriver, selector: &str) -> anyhow::Result<String> {
    Ok(driver.find(By::Css(selector)).await.with_context(|| selector.to_owned())?.text().await?)
}

/// The texts of all elements of a selector.
///
/// # Errors
/// When the browser does not answer.
pub async fn texts(driver: &WebDriver, selector: &str) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for element in driver.find_all(By::Css(selector)).await? {
        texts.push(element.text().await?);
    }
    Ok(texts)
}

/// The value of a script's expression.
///
/// # Errors
/// When it throws, or is of another type.
pub async fn value<T: serde::de::DeserializeOwned>(
    driver: &WebDriver,
    expression: &str,
) -> anyhow::Result<T> {
    let result = driver.execute(format!("return {expression}"), Vec::new()).await?;
    Ok(serde_json::from_value(result.json().clone())?)
}

/// How many pixels the page is wider than the window: 0, or it scrolls sideways.
///
/// # Errors
/// When the browser does not answer.
pub async fn overflow(driver: &WebDriver) -> anyhow::Result<i64> {
    value(driver, "document.documentElement.scrollWidth - document.documentElement.clientWidth").await
}

/// What axe-core finds wrong by WCAG 2.2 AA: rule, help and the elements.
///
/// # Errors
/// When axe-core is not installed (`npm ci --prefix crates/browser`) or does not run.
pub async fn accessibility(driver: &WebDriver) -> anyhow::Result<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
    let axe =
        std::fs::read_to_string(path).context("axe-core is not installed: npm ci --prefix crates/browser")?;
    driver.execute(axe, Vec::new()).await?;
    let run = "const done = arguments[arguments.length - 1];\
               axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})\
                  .then(r => done(r.violations.map(v => v.id + ': ' + v.help + ' ' + \
                        v.nodes.slice(0, 3).map(n => n.html).join(' '))), e => done([String(e)]));";
    let result = driver.execute_async(run, Vec::new()).await?;
    Ok(serde_json::from_value(result.json().clone())?)
}
