//! Documents: files that people keep with a device, or with all devices of one hardware model.

use std::fmt::Write as _;

use report::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::link::Line;

/// What a document is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// How the machine is used.
    Manual,
    /// What it cost.
    Invoice,
    /// What the seller or maker promises.
    Warranty,
    /// How it is built.
    Schematic,
    /// What it looks like.
    Photo,
    /// Anything else.
    #[default]
    Other,
}

impl DocumentKind {
    const ALL: [Self; 6] =
        [Self::Manual, Self::Invoice, Self::Warranty, Self::Schematic, Self::Photo, Self::Other];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Invoice => "invoice",
            Self::Warranty => "warranty",
            Self::Schematic => "schematic",
            Self::Photo => "photo",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Invoices and warranties say who paid what, and where: not for the public.
    pub fn is_private(self) -> bool {
        matches!(self, Self::Invoice | Self::Warranty)
    }
}

/// On which devices a document is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentScope {
    /// On that one.
    #[default]
    Device,
    /// On every device of its hardware model.
    Model,
}

impl DocumentScope {
    /// The scope of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "device" => Some(Self::Device),
            "model" => Some(Self::Model),
            _ => None,
        }
    }
}

/// What a file was called where it came from: text, never a path. At most 255 characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 255, example = "manual.pdf")]
pub struct FileName(String);

/// Characters of a file's name at most.
const MAX_NAME: usize = 255;

/// Why a name was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// Nothing in it.
    #[error("empty, expected 1 to {MAX_NAME} characters")]
    Empty,
    /// Too much in it.
    #[error("{0} characters, expected at most {MAX_NAME}")]
    TooLong(usize),
    /// Holds U+0000.
    #[error("holds a NUL character, expected text without NUL")]
    Nul,
}

impl FileName {
    /// Looks at it. Whatever stands in it stays: it is only ever shown.
    ///
    /// # Errors
    /// What is wrong, and what was expected.
    pub fn parse(text: &str) -> Result<Self, FileNameError> {
        let length = text.chars().count();
        if text.trim().is_empty() {
            return Err(FileNameError::Empty);
        }
        if length > MAX_NAME {
            return Err(FileNameError::TooLong(length));
        }
        if text.contains('\0') {
            return Err(FileNameError::Nul);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The title of a document that was given none: one line, whatever the file was called.
    pub fn title(&self) -> Option<Line> {
        let line: String = self.0.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Line::parse(&line).or_else(|_| Line::parse(Self::default().as_str())).ok()
    }
}

impl Default for FileName {
    fn default() -> Self {
        Self("document".to_owned())
    }
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(text: String) -> Result<Self, FileNameError> {
        Self::parse(&text)
    }
}

/// `Content-Disposition` for a name in any script (RFC 6266, RFC 8187): one for programs that read ASCII only, and the name
/// itself. What would make it a path, break the header or turn the text around is replaced by `_`.
pub fn disposition(inline: bool, name: &str) -> String {
    let safe: String = name.chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    let plain = |c: char| if c.is_ascii() && !"\"%;".contains(c) { c } else { '_' };
    let ascii: String = safe.chars().map(plain).collect();
    let mut text = String::from(if inline { "inline" } else { "attachment" });
    text.push_str(&format!("; filename=\"{ascii}\"; filename*=UTF-8''"));
    for byte in safe.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("text grows");
        }
    }
    text
}

/// Control characters, separators of paths, and marks that change the direction of text.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// The content of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Length.
    pub size_bytes: u64,
    /// What it is, whatever it was called.
    pub media_type: &'static str,
}

/// A document on its way in.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The device that it is given to.
    pub device_id: i64,
    /// That one, or all of its model.
    pub scope: DocumentScope,
    /// What it is for.
    pub kind: DocumentKind,
    /// What it is called; the file's name where absent.
    pub title: Option<Line>,
    /// As it was uploaded.
    pub file_name: FileName,
    /// What is in it.
    pub content: Content,
}

/// What is to change of a document; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Invoice 2026-117", "kind": "invoice"}))]
pub struct DocumentPatch {
    /// What it is called.
    pub title: Option<Line>,
    /// What it is for.
    pub kind: Option<DocumentKind>,
    /// What the file is called when it is downloaded.
    pub file_name: Option<FileName>,
}

/// A document as it is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Document {
    /// Never used again for another.
    pub id: i64,
    /// On which devices it is shown.
    pub scope: DocumentScope,
    /// The one device whose it is; null for a document of a model.
    pub device_id: Option<i64>,
    /// What it is for.
    pub kind: DocumentKind,
    /// What it is called.
    pub title: String,
    /// What the file was called where it came from: text, never a path.
    pub file_name: String,
    /// What it is by its content.
    pub media_type: String,
    /// Length.
    pub size_bytes: u64,
    /// Of the content, in hexadecimal.
    pub sha256: String,
    /// Where the file is found.
    pub download_url: String,
    /// Where a small picture of it is found; null where there can be none.
    pub thumbnail_url: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed; its content never does.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_goes_into_the_header() {
        for (name, header) in [
            ("manual.pdf", r#"inline; filename="manual.pdf"; filename*=UTF-8''manual.pdf"#),
            ("Büro 🖥.pdf", r#"inline; filename="B_ro _.pdf"; filename*=UTF-8''B%C3%BCro%20%F0%9F%96%A5.pdf"#),
            ("../../etc/passwd", r#"inline; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd"#),
            (
                "a\r\nSet-Cookie: x",
                r#"inline; filename="a__Set-Cookie: x"; filename*=UTF-8''a__Set-Cookie%3A%20x"#,
            ),
            (r#"a"b';%41.txt"#, r#"inline; filename="a_b'__41.txt"; filename*=UTF-8''a%22b%27%3B%2541.txt"#),
            (
                "invoice\u{202e}fdp.exe",
                r#"inline; filename="invoice_fdp.exe"; filename*=UTF-8''invoice_fdp.exe"#,
            ),
        ] {
            assert_eq!(disposition(true, name), header);
        }
        assert!(disposition(false, "x").starts_with("attachment; "));
    }

    #[test]
    fn a_name_is_only_text() {
        for name in ["../../etc/passwd", "a\nb", "\u{202e}gpj.exe", "\"", &"é".repeat(255)] {
            assert_eq!(FileName::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(FileName::parse(" "), Err(FileNameError::Empty));
        assert_eq!(FileName::parse(&"é".repeat(256)), Err(FileNameError::TooLong(256)));
        assert_eq!(FileName::parse("a\0"), Err(FileNameError::Nul));
    }

    #[test]
    fn every_kind_and_scope_comes_back_by_its_name() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::from_name(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for scope in [DocumentScope::Device, DocumentScope::Model] {
            let name = serde_json::to_value(scope).unwrap();
            assert_eq!(DocumentScope::from_name(name.as_str().unwrap()), Some(scope));
        }
    }
}
