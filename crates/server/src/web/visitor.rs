//! Who looks at a page: language and theme, from the address, a cookie, or what the browser says.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri};

use super::address::Address;
use super::language::Language;
use super::theme::Theme;
use super::words::Words;
use crate::app::AppState;
use crate::domain::settings::SITE_NAME;

/// What a page must know of the request besides its own parameters.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The language to answer in.
    pub(crate) language: Language,
    /// The colours to answer in.
    pub(crate) theme: Theme,
    /// The address that was asked for.
    pub(crate) address: Address,
    /// What pages call this server.
    pub(crate) site: Arc<str>,
    /// Choices made with this very request, to be remembered.
    cookies: Vec<HeaderValue>,
}

const A_YEAR_S: u32 = 31_536_000;

impl Visitor {
    /// Reads address and headers.
    pub(crate) fn new(uri: &Uri, headers: &HeaderMap) -> Self {
        let address = Address::of(uri);
        let asked_language = address.get("lang").and_then(Language::from_tag);
        let asked_theme = address.get("theme").and_then(Theme::from_name);
        let mut cookies = Vec::new();
        if let Some(language) = asked_language {
            cookies.push(remember("lang", language.tag()));
        }
        if let Some(theme) = asked_theme {
            cookies.push(remember("theme", theme.name()));
        }
        let language = asked_language
            .or_else(|| Language::from_tag(cookie(headers, "lang")?))
            .unwrap_or_else(|| accepted(headers));
        let theme = asked_theme.or_else(|| Theme::from_name(cookie(headers, "theme")?)).unwrap_or_default();
        Self { language, theme, address, site: SITE_NAME.into(), cookies }
    }

    /// The same, on a site of that name.
    pub(crate) fn of_site(self, site: Arc<str>) -> Self {
        Self { site, ..self }
    }

    /// The words of this visitor's language.
    pub(crate) fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    /// `Set-Cookie` headers for what was chosen with this request.
    pub(crate) fn cookies(&self) -> &[HeaderValue] {
        &self.cookies
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.uri, &parts.headers).of_site(state.site.name().await))
    }
}

fn accepted(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or_else(Language::default, Language::accepted)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(key, value)| (key == name).then_some(value))
}

/// A preference is no secret: it needs neither `Secure`, which a plain-http address would drop, nor a signature.
fn remember(name: &str, value: &str) -> HeaderValue {
    let cookie = format!("{name}={value}; Path=/; Max-Age={A_YEAR_S}; SameSite=Lax; HttpOnly");
    HeaderValue::from_str(&cookie).expect("names and values of preferences are plain")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, Uri};

    use super::{Language, Theme, Visitor};

    fn visitor(uri: &'static str, headers: &[(&'static str, &'static str)]) -> Visitor {
        let pairs =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        Visitor::new(&Uri::from_static(uri), &pairs.collect::<HeaderMap>())
    }

    #[test]
    fn the_address_beats_the_cookie_beats_the_browser() {
        let browser = ("accept-language", "fr");
        assert_eq!(visitor("/", &[browser]).language, Language::French);
        let remembered = ("cookie", "theme=dark; lang=en");
        assert_eq!(visitor("/", &[browser, remembered]).language, Language::English);
        assert_eq!(visitor("/", &[remembered]).theme, Theme::Dark);
        let chosen = visitor("/?lang=fr&theme=light", &[remembered]);
        assert_eq!((chosen.language, chosen.theme), (Language::French, Theme::Light));
    }

    #[test]
    fn only_a_choice_is_remembered() {
        assert!(visitor("/?kind=vm", &[]).cookies().is_empty());
        assert!(visitor("/?lang=xx&theme=pink", &[]).cookies().is_empty());
        let chosen = visitor("/?lang=fr", &[]);
        assert!(chosen.cookies()[0].to_str().unwrap().starts_with("lang=fr; Path=/;"));
    }
}
