//! What stands around every page: title, switches for language and theme, foot.

use std::sync::Arc;

use super::assets::{ADDRESSES, Addresses};
use super::theme::Theme;
use super::visitor::Visitor;
use super::words::Words;

/// The frame of one page.
pub(crate) struct Frame {
    /// The words of the visitor's language, for the fixed texts of templates.
    pub(crate) words: &'static Words,
    /// Title of the window.
    pub(crate) title: String,
    /// What pages call this server.
    pub(crate) site: Arc<str>,
    /// `en` or `fr`.
    pub(crate) language: &'static str,
    /// `auto`, `light` or `dark`.
    pub(crate) theme: &'static str,
    /// Links to this page in the other languages.
    pub(crate) languages: Vec<Choice>,
    /// Links to this page in each theme.
    pub(crate) themes: Vec<Choice>,
    /// Where the style sheet, the script and the icon are.
    pub(crate) assets: &'static Addresses,
    /// Version of the server.
    pub(crate) version: &'static str,
}

/// One choice of a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What it is called in the address: a language tag, a theme.
    pub(crate) value: &'static str,
    /// What it says.
    pub(crate) label: String,
    /// Where it leads.
    pub(crate) link: String,
    /// It is in force.
    pub(crate) current: bool,
}

impl Frame {
    /// The frame of a page with this title.
    pub(crate) fn new(visitor: &Visitor, title: &str) -> Self {
        let words = visitor.words();
        Self {
            words,
            title: format!("{title} · {}", visitor.site),
            site: Arc::clone(&visitor.site),
            language: visitor.language.tag(),
            theme: visitor.theme.name(),
            languages: languages(visitor),
            themes: themes(visitor),
            assets: &ADDRESSES,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

fn languages(visitor: &Visitor) -> Vec<Choice> {
    let choice = |language: super::language::Language| Choice {
        value: language.tag(),
        label: language.name().to_owned(),
        link: visitor.address.with("lang", language.tag()).without("theme").link(),
        current: language == visitor.language,
    };
    super::language::Language::ALL.map(choice).to_vec()
}

fn themes(visitor: &Visitor) -> Vec<Choice> {
    let choice = |theme: Theme| Choice {
        value: theme.name(),
        label: visitor.words().t(&format!("theme-{}", theme.name())),
        link: visitor.address.with("theme", theme.name()).without("lang").link(),
        current: theme == visitor.theme,
    };
    Theme::ALL.map(choice).to_vec()
}
