//! Which part of a long list is wanted, and what comes back of it.

use sha2::{Digest, Sha256};

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Paging {
    /// The list.
    pub list: ListId,
    /// Where the part begins.
    pub start: Start,
    /// Items at most.
    pub page_size: u32,
}

impl Paging {
    /// Items before the part, where it is asked for by its number.
    pub fn offset(&self) -> i64 {
        match self.start {
            Start::First | Start::Behind(_) => 0,
            Start::After(pages) => i64::from(pages).saturating_mul(i64::from(self.page_size)),
        }
    }
}

/// Where a part begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// At the beginning of a walk from cursor to cursor.
    First,
    /// So many whole parts are passed over.
    After(u32),
    /// Behind the item that the cursor names.
    Behind(Place),
}

/// Tells one list from another: its address with everything that chooses and sorts its items. A cursor leads on in the list
/// that it came from, and in no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListId(u64);

impl ListId {
    /// From the address and the parameters, in whatever order they were given. Every server comes to the same.
    pub fn of<'a>(path: &str, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut parameters: Vec<_> = parameters.collect();
        parameters.sort_unstable();
        let mut digest = Sha256::new();
        // No text holds a NUL: what is hashed cannot be read in two ways.
        for text in
            std::iter::once(path).chain(parameters.into_iter().flat_map(|(name, value)| [name, value]))
        {
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        let digest: [u8; 32] = digest.finalize().into();
        Self(digest.iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte)))
    }
}

/// A place in a sorted list: behind that item.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What the list is sorted by.
    pub key: Key,
    /// Of the item, where others have the same key.
    pub id: i64,
}

/// What a list is sorted by; never NULL.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A time, a count.
    Int(i64),
    /// A score.
    Real(f64),
    /// A name.
    Text(String),
}

/// Sort keys are names and labels, folded: letters that grow by that grow less than to this.
const LONGEST_KEY: usize = 1_024;

impl Place {
    /// For the client to send back, which reads nothing into it.
    pub fn encode(&self, ListId(list): ListId) -> String {
        let Self { key, id } = self;
        let key = match key {
            Key::Int(key) => format!("i{key}"),
            Key::Real(key) => format!("r{:x}", key.to_bits()),
            Key::Text(key) => format!("t{key}"),
        };
        // Hexadecimal: needs no escaping in an address, and is no invitation to build one by hand.
        hex::encode(format!("{list:x}:{id}:{key}"))
    }

    /// As it was before [`Place::encode`] in the same list; `None` for anything else.
    pub fn decode(text: &str, ListId(list): ListId) -> Option<Self> {
        let plain = String::from_utf8(hex::decode(text).ok()?).ok()?;
        let (of, rest) = plain.split_once(':')?;
        let (id, key) = rest.split_once(':')?;
        let key = match key.split_at_checked(1)? {
            ("i", key) => Key::Int(key.parse().ok()?),
            ("r", key) => Key::Real(f64::from_bits(u64::from_str_radix(key, 16).ok()?)),
            ("t", key) if !key.contains('\0') && key.chars().count() <= LONGEST_KEY => {
                Key::Text(key.to_owned())
            }
            _ => return None,
        };
        let place = Self { key, id: id.parse().ok()? };
        (of == format!("{list:x}")).then_some(place)
    }
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Length of the whole list.
    pub total: Total,
    /// Where the next part begins; `None` at the end.
    pub next: Option<Place>,
}

impl<T> Part<T> {
    /// From one item more than the part holds, if there are so many: then the next part begins behind its last.
    ///
    /// # Errors
    /// What `place` has.
    pub fn cut<E>(
        mut items: Vec<T>,
        paging: &Paging,
        total: Total,
        place: impl FnOnce(&T) -> Result<Place, E>,
    ) -> Result<Self, E> {
        let more = items.len() > paging.page_size as usize;
        items.truncate(paging.page_size as usize);
        let next = items.last().filter(|_| more).map(place).transpose()?;
        Ok(Self { items, total, next })
    }

    /// The same part with its items made into something else.
    ///
    /// # Errors
    /// The first that `make` has.
    pub fn try_map<U, E>(self, make: impl FnMut(T) -> Result<U, E>) -> Result<Part<U>, E> {
        let Self { items, total, next } = self;
        Ok(Part { items: items.into_iter().map(make).collect::<Result<_, _>>()?, total, next })
    }
}

/// How long a list is. Counting stops somewhere, so that it costs the same however long the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// Counting stopped here.
    AtLeast(u64),
}

impl Total {
    /// Where counting stops.
    pub const COUNTED: u64 = 10_000;

    /// From a count that may go on above [`Total::COUNTED`].
    pub fn of(count: u64) -> Self {
        if count > Self::COUNTED { Self::AtLeast(Self::COUNTED) } else { Self::Exactly(count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(parameters: &[(&str, &str)]) -> ListId {
        ListId::of("/api/devices", parameters.iter().copied())
    }

    #[test]
    fn a_place_comes_back_as_it_was() {
        let mut keys = vec![Key::Int(-5), Key::Int(i64::MAX), Key::Real(-1.0), Key::Real(0.1 + 0.2)];
        keys.extend(["nas", "", "Büro: 2 🖥", &"é".repeat(255)].map(|name| Key::Text(name.to_owned())));
        for key in keys {
            let place = Place { key, id: i64::MAX };
            assert_eq!(Place::decode(&place.encode(list(&[])), list(&[])), Some(place));
        }
    }

    #[test]
    fn nothing_else_is_a_cursor() {
        let place = |key: &str| Place { key: Key::Text(key.to_owned()), id: 1 }.encode(list(&[]));
        let whole = place("a");
        let long = place(&"x".repeat(1025));
        let bare = hex::encode("1:1:");
        for text in
            ["", "7", "zz", "+1+1", "é", &whole[2..], &whole[..whole.len() - 1], &long, &place("a\0"), &bare]
        {
            assert_eq!(Place::decode(text, list(&[])), None, "{text}");
        }
    }

    #[test]
    fn a_cursor_fits_the_list_that_it_came_from() {
        let place = Place { key: Key::Int(1), id: 1 };
        let cursor = place.encode(list(&[("kind", "vm"), ("tag", "a")]));
        assert_eq!(Place::decode(&cursor, list(&[("tag", "a"), ("kind", "vm")])), Some(place));
        for other in
            [&[][..], &[("kind", "vm")], &[("kind", "vm"), ("tag", "b")], &[("kind", "vmtag"), ("a", "")]]
        {
            assert_eq!(Place::decode(&cursor, list(other)), None, "{other:?}");
        }
    }
}
