//! `filename*=` of a form's file: its name in any script (RFC 8187), as some programs send it beside `filename=`, or alone.

use axum::http::HeaderValue;
use percent_encoding::percent_decode_str;

/// The name, if there is one that can be read. It counts before `filename=`, which such programs fill in for others.
pub(super) fn extended_name(disposition: &HeaderValue) -> Option<String> {
    // A header may be UTF-8, of which `to_str` takes only what is ASCII.
    let text = std::str::from_utf8(disposition.as_bytes()).ok()?;
    let mut all = parameters(text).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = all.find(|(name, _)| name.trim().eq_ignore_ascii_case("filename*"))?;
    let mut parts = value.trim().splitn(3, '\'');
    let (charset, _language, name) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = percent_decode_str(name).collect::<Vec<u8>>();
    let name = if charset.eq_ignore_ascii_case("utf-8") {
        String::from_utf8(bytes).ok()
    } else if charset.eq_ignore_ascii_case("iso-8859-1") {
        Some(bytes.into_iter().map(char::from).collect())
    } else {
        None
    };
    name.filter(|name| !name.is_empty())
}

/// What stands between the semicolons: those within quotes are none.
fn parameters(text: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let plain = !std::mem::take(&mut escaped);
        match c {
            '"' if plain => quoted = !quoted,
            '\\' if plain && quoted => escaped = true,
            _ => {}
        }
        c == ';' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_by_its_charset() {
        for (disposition, name) in [
            ("form-data; name=\"file\"; filename*=UTF-8''%e2%82%ac%20rates.txt", Some("\u{20ac} rates.txt")),
            (
                "form-data; name=\"file\"; filename=\"EURO rates.txt\"; FileName* = utf-8'en'%e2%82%ac.txt",
                Some("\u{20ac}.txt"),
            ),
            ("form-data; filename*=iso-8859-1'en'%A3%20rates", Some("\u{a3} rates")),
            ("form-data; filename=\"a; filename*=UTF-8''no.txt\"", None),
            ("form-data; filename=\"a\\\"; filename*=UTF-8''no.txt\"", None),
            ("form-data; filename*=UTF-8''%ff.txt", None),
            ("form-data; filename*=koi8-r''%ff.txt", None),
            ("form-data; filename*=UTF-8''", None),
            ("form-data; filename*=plain.txt", None),
            ("form-data; name=\"file\"; filename=\"a.txt\"", None),
        ] {
            let header = HeaderValue::from_str(disposition).unwrap();
            assert_eq!(extended_name(&header).as_deref(), name, "{disposition}");
        }
    }
}
