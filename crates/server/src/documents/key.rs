//! Names of objects: every one is built here, and none from what a user typed.

use std::fmt;

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The content of documents.
    Content {
        /// Lower-case hexadecimal.
        sha256: String,
        /// Tells it from an earlier or later object of the same content, so that the removal of one never hits another.
        tag: String,
    },
    /// A smaller image of a content.
    Thumbnail {
        /// Of the content.
        sha256: String,
        /// Longest side, pixels.
        size: u32,
    },
    /// Written to see whether writing works.
    Probe,
}

/// The two kinds of object that a sweep looks through, as folders.
pub(crate) const FOLDERS: [&str; 2] = ["objects", "thumbs"];

impl Key {
    /// The key of that name; `None` if it is not one of ours.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split('/');
        let (Some(folder), Some(begin), Some(file), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let (sha256, rest) = file.split_once('.')?;
        let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if sha256.len() != 64 || !is_hex(sha256) || !sha256.starts_with(begin) || begin.len() != 2 {
            return None;
        }
        let sha256 = sha256.to_owned();
        match folder {
            "objects" if !rest.is_empty() && is_hex(rest) => {
                Some(Self::Content { sha256, tag: rest.to_owned() })
            }
            "thumbs" => Some(Self::Thumbnail { sha256, size: rest.parse().ok()? }),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content { sha256, tag } => write!(f, "objects/{}/{sha256}.{tag}", &sha256[..2]),
            Self::Thumbnail { sha256, size } => write!(f, "thumbs/{}/{sha256}.{size}", &sha256[..2]),
            Self::Probe => f.write_str("probe"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_by_its_name() {
        let sha256 = "0f".repeat(32);
        let content = Key::Content { sha256: sha256.clone(), tag: "1234abcd".to_owned() };
        let thumbnail = Key::Thumbnail { sha256: sha256.clone(), size: 256 };
        assert_eq!(content.to_string(), format!("objects/0f/{sha256}.1234abcd"));
        for key in [content, thumbnail] {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
    }

    #[test]
    fn what_others_put_there_is_not_ours() {
        let sha256 = "0f".repeat(32);
        for name in [
            "probe",
            "readme.txt",
            "objects/0f/readme.txt",
            &format!("objects/0e/{sha256}.12"),
            &format!("objects/0f/{sha256}."),
            &format!("objects/0f/{sha256}.xy"),
            &format!("objects/0f/{sha256}"),
            &format!("thumbs/0f/{sha256}.large"),
            &format!("other/0f/{sha256}.12"),
            &format!("objects/0f/deeper/{sha256}.12"),
        ] {
            assert_eq!(Key::parse(name), None, "{name}");
        }
    }
}
