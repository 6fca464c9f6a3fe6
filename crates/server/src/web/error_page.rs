//! What a person in a browser reads when something did not work: a sentence, what to do, and the request's id.

use askama::Template;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Uri};

use super::frame::Frame;
use super::visitor::Visitor;
use crate::error::AppError;

/// The page of an error.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    title: String,
    text: String,
    request_id: &'a str,
}

/// Whoever asked for a page, and not for data, is shown a page.
pub(crate) fn reader(uri: &Uri, headers: &HeaderMap) -> Option<Visitor> {
    let data = ["/api/", "/agent/", "/bench.sh"].iter().any(|prefix| uri.path().starts_with(prefix));
    let accepts = headers.get_all(ACCEPT).iter().any(|value| value.as_bytes().starts_with(b"text/html"));
    (accepts && !data).then(|| Visitor::new(uri, headers))
}

/// The page; `None` if it cannot be drawn, and the caller answers with data.
pub(crate) fn render(visitor: &Visitor, error: &AppError, request_id: &str) -> Option<String> {
    let words = visitor.words();
    let status = error.status().as_u16();
    let known = |part: &str| words.known(&format!("error-{part}-{status}"));
    let title = known("title").unwrap_or_else(|| words.t("error-title-other"));
    let refused = error.status().is_client_error().then(|| error.detail().to_owned());
    let text = known("text").or(refused).unwrap_or_else(|| words.t("error-text-other"));
    let page = ErrorPage { frame: Frame::new(visitor, &title), title, text, request_id };
    page.render().inspect_err(|error| tracing::error!(%error, "the error page cannot be drawn")).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, StatusCode, Uri};

    use super::{AppError, reader, render};
    use crate::web::samples::{assert_well_formed, readable};

    fn browser(uri: &'static str) -> Option<super::Visitor> {
        let headers = [(super::ACCEPT, "text/html,application/xhtml+xml".parse().unwrap())];
        reader(&Uri::from_static(uri), &headers.into_iter().collect::<HeaderMap>())
    }

    #[test]
    fn browsers_get_pages_and_programs_get_data() {
        assert!(browser("/devices/999").is_some());
        assert!(browser("/api/devices/999").is_none());
        assert!(reader(&Uri::from_static("/devices/999"), &HeaderMap::new()).is_none());
    }

    #[test]
    fn a_missing_page_says_what_to_do() {
        let page = render(&browser("/nowhere").unwrap(), &AppError::not_found("Nothing."), "00ab").unwrap();
        assert_well_formed(&page);
        insta::assert_snapshot!(readable(&page));
    }

    #[test]
    fn a_failure_tells_no_cause() {
        let error = AppError::internal("the secret is 42");
        let page = render(&browser("/?lang=fr").unwrap(), &error, "00ab").unwrap();
        assert_well_formed(&page);
        assert!(page.contains("Cela n’a pas fonctionné") && page.contains("<code>00ab</code>"), "{page}");
        assert!(!page.contains("secret"), "{page}");
    }

    #[test]
    fn a_refusal_without_words_of_its_own_shows_its_sentence() {
        let error = AppError::new(StatusCode::PRECONDITION_FAILED, "changed", "Somebody was faster.");
        let page = render(&browser("/").unwrap(), &error, "00ab").unwrap();
        assert!(page.contains("Somebody was faster."), "{page}");
    }
}
