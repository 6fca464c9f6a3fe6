//! Helpers of the tests that render whole pages.

use super::assets::ADDRESSES;

/// The page without what changes from build to build.
pub(crate) fn readable(html: &str) -> String {
    html.replace(ADDRESSES.style, "[style]")
        .replace(ADDRESSES.script, "[script]")
        .replace(ADDRESSES.icon, "[icon]")
        .replace(env!("CARGO_PKG_VERSION"), "[version]")
}

/// Every element that is opened is closed, in order; nothing that the policy of the pages forbids is there.
pub(crate) fn assert_well_formed(html: &str) {
    const VOID: [&str; 4] = ["meta", "link", "input", "br"];
    assert!(!html.contains(" style="), "the policy forbids style attributes");
    assert!(!html.contains("<script>"), "the policy forbids inline scripts");
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let name = tag.split([' ', '/', '\n']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closes in order");
        } else if !tag.starts_with('!') && !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}
