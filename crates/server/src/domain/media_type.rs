//! What a file is, by its content alone.

/// Bytes of a file's beginning that decide.
pub const HEAD_BYTES: usize = 8 * 1024;

const HTML: &str = "text/html";
const SVG: &str = "image/svg+xml";
const XML: &str = "application/xml";
/// Text of any other kind.
pub const PLAIN: &str = "text/plain";
const UNKNOWN: &str = "application/octet-stream";

/// The type of a file by its first bytes, and whether all of it is text.
pub fn media_type(head: &[u8], is_text: bool) -> &'static str {
    match infer::get(head) {
        // Signatures in text are words, and a text may begin with any.
        Some(kind) if !is_text => kind.mime_type(),
        _ if is_text => text_type(head),
        _ => UNKNOWN,
    }
}

fn text_type(head: &[u8]) -> &'static str {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start();
    if infer::get(text).is_some_and(|kind| kind.mime_type() == HTML) {
        return HTML;
    }
    match root(text) {
        Some(name) if name.eq_ignore_ascii_case(b"svg") || name.ends_with(b":svg") => SVG,
        Some(name) if name.eq_ignore_ascii_case(b"html") => HTML,
        _ if text.starts_with(b"<?xml") => XML,
        _ if text.starts_with(b"%PDF-") => "application/pdf",
        _ => PLAIN,
    }
}

/// Name of the first element, behind declarations and comments.
fn root(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = text.trim_ascii_start();
        let end: &[u8] = match text {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'!', ..] => b">",
            [b'<', rest @ ..] => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/>".contains(byte);
                return Some(&rest[..rest.iter().position(ends)?]);
            }
            _ => return None,
        };
        let place = text.windows(end.len()).position(|window| window == end)?;
        text = &text[place + end.len()..];
    }
}

/// What a browser may show by itself; everything else is only ever saved.
pub fn is_shown(media_type: &str) -> bool {
    media_type == PLAIN || media_type == "application/pdf" || is_drawable(media_type)
}

/// Images that we can make a smaller one of.
pub fn is_drawable(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/webp" | "image/gif")
}

/// Whether such a file may say where it was taken.
pub fn may_hold_places(media_type: &str) -> bool {
    media_type != SVG && (media_type.starts_with("image/") || media_type.starts_with("video/"))
}

/// The value of `Content-Type`.
pub fn content_type(media_type: &str) -> String {
    match media_type {
        PLAIN | HTML => format!("{media_type}; charset=utf-8"),
        other => other.to_owned(),
    }
}

/// Tells whether what comes in pieces is text: UTF-8 without the control characters that no text has.
#[derive(Clone, Debug, Default)]
pub struct TextCheck {
    /// The beginning of a character whose rest comes with the next piece.
    cut: Vec<u8>,
    failed: bool,
}

impl TextCheck {
    /// Looks at a piece.
    pub fn take(&mut self, mut piece: &[u8]) {
        if self.failed {
            return;
        }
        self.failed = piece.iter().any(|byte| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31));
        while !self.cut.is_empty() && !self.failed {
            let [first, rest @ ..] = piece else { return };
            self.cut.push(*first);
            piece = rest;
            match std::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(error) => self.failed = error.error_len().is_some(),
            }
        }
        if let Err(error) = std::str::from_utf8(piece) {
            self.failed |= error.error_len().is_some();
            self.cut = piece[error.valid_up_to()..].to_vec();
        }
    }

    /// Whether all of it was.
    pub fn is_text(&self) -> bool {
        !self.failed && self.cut.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> &'static str {
        let mut check = TextCheck::default();
        check.take(bytes);
        media_type(bytes, check.is_text())
    }

    #[test]
    fn the_content_decides() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
            (b"GIF89a\x01\0\x01\0\x80\0\0", "image/gif"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
            (b"%PDF-1.4\n1 0 obj\n", "application/pdf"),
            (b"PK\x03\x04\x14\0\0\0", "application/zip"),
            (b"MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable"),
            ("Größe: 5 µm\n".as_bytes(), PLAIN),
            (b"#!/bin/sh\necho\n", PLAIN),
            (b"\xef\xbb\xbf <!doctype html><script>", HTML),
            (b"<?xml version='1.0'?><!-- x --><html xmlns='x'>", HTML),
            (b"<svg onload='alert(1)'/>", SVG),
            (b"<?xml version='1.0'?>\n<!DOCTYPE svg>\n<!-- <a> --><x:svg xmlns:x='x'>", SVG),
            (b"<?xml version='1.0'?><a/>", XML),
            (b"a <svg> in a text", PLAIN),
            (b"\xff\xfeh\0i\0", UNKNOWN),
            (b"\0\x01\x02", UNKNOWN),
            (b"GIF89a is a format", PLAIN),
        ] {
            assert_eq!(of(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn text_is_text_however_it_is_cut() {
        let text = "aé漢🖥\t\r\n".repeat(3);
        for size in 1..7 {
            let mut check = TextCheck::default();
            text.as_bytes().chunks(size).for_each(|piece| check.take(piece));
            assert!(check.is_text(), "{size}");
            check.take(&"é".as_bytes()[..1]);
            assert!(!check.is_text(), "ends within a character");
            check.take(b"a");
            assert!(!check.is_text());
        }
    }

    #[test]
    fn what_runs_is_never_shown() {
        for shown in ["application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif", PLAIN] {
            assert!(is_shown(shown));
        }
        for saved in [HTML, SVG, XML, UNKNOWN, "application/zip", "image/tiff"] {
            assert!(!is_shown(saved));
        }
        assert!(may_hold_places("image/heif") && may_hold_places("video/mp4") && !may_hold_places(SVG));
    }
}
