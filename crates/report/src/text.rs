//! Text and lists as a report may hold them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Text of at most `MAX` characters without NUL (which PostgreSQL cannot store, and no name needs).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// Names, labels, tags, models: at most 255 characters.
pub type Name = Text<255>;
/// Free text: at most 20,000 characters.
pub type Prose = Text<20_000>;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Longer than the field holds.
    #[error("{length} characters, expected at most {max}")]
    TooLong {
        /// Characters given.
        length: usize,
        /// Characters allowed.
        max: usize,
    },
    /// Holds U+0000.
    #[error("holds a NUL character, expected text without NUL")]
    Nul,
}

impl<const MAX: usize> Text<MAX> {
    /// Checks the length and that there is no NUL.
    pub fn new(value: impl Into<String>) -> Result<Self, TextError> {
        let value = value.into();
        // Every character takes at least one byte, so short texts need no count.
        if value.len() > MAX {
            let length = value.chars().count();
            if length > MAX {
                return Err(TextError::TooLong { length, max: MAX });
            }
        }
        if value.as_bytes().contains(&0) {
            return Err(TextError::Nul);
        }
        Ok(Self(value))
    }

    /// Makes any text fit: NUL is dropped, the end is cut. For text that a machine hands us.
    pub fn lossy(value: &str) -> Self {
        Self(value.chars().filter(|c| *c != '\0').take(MAX).collect())
    }

    /// The plain text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The plain text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A list in which `null` elements are absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> List<T> {
    /// The plain list.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// No list and no map of a report has more entries: a document of a few megabytes must not become a
/// gigabyte of structs.
pub const MAX_ENTRIES: usize = 10_000;

/// Counts one entry more.
pub(crate) fn count<E: serde::de::Error>(entries: &mut usize) -> Result<(), E> {
    *entries += 1;
    if *entries > MAX_ENTRIES {
        return Err(E::custom(format_args!("too many entries, expected at most {MAX_ENTRIES}")));
    }
    Ok(())
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Items(PhantomData)).map(Self)
    }
}

struct Items<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<T>, A::Error> {
        let (mut items, mut entries) = (Vec::new(), 0);
        while let Some(item) = access.next_element::<Option<T>>()? {
            count(&mut entries)?;
            items.extend(item);
        }
        Ok(items)
    }
}

/// For fields whose absence means their default: `null` is absent there too.
pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
