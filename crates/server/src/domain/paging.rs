//! Which part of a long list is wanted, and what comes back of it.

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging<C> {
    /// Where it begins.
    pub start: Start<C>,
    /// Items at most.
    pub page_size: u32,
}

/// Where a part begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start<C> {
    /// So many whole parts are passed over.
    After(u32),
    /// Behind the item that the cursor names.
    Behind(C),
}

/// A place in a list that is sorted by a key and an id.
pub trait Cursor: Sized {
    /// As it was before [`Cursor::encode`]; `None` for anything else.
    fn decode(text: &str) -> Option<Self>;
    /// For the client to send back, which reads nothing into it.
    fn encode(&self) -> String;
}

/// A place in a list that is sorted by time, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeCursor {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Of the item, where others have the same time.
    pub id: i64,
}

/// A place in a list that is sorted by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCursor {
    /// The name.
    pub name: String,
    /// Of the item, where others have the same name.
    pub id: i64,
}

impl Cursor for TimeCursor {
    fn decode(text: &str) -> Option<Self> {
        let plain = unhide(text)?;
        let (at, id) = plain.strip_prefix("t:")?.split_once(':')?;
        Some(Self { at: at.parse().ok()?, id: id.parse().ok()? })
    }

    fn encode(&self) -> String {
        hide(&format!("t:{}:{}", self.at, self.id))
    }
}

impl Cursor for NameCursor {
    fn decode(text: &str) -> Option<Self> {
        let plain = unhide(text)?;
        let (id, name) = plain.strip_prefix("n:")?.split_once(':')?;
        let fits = !name.contains('\0') && name.chars().count() <= 255;
        fits.then(|| Some(Self { id: id.parse().ok()?, name: name.to_owned() }))?
    }

    fn encode(&self) -> String {
        hide(&format!("n:{}:{}", self.id, self.name))
    }
}

/// Hexadecimal: needs no escaping in an address, and is no invitation to build one by hand.
fn hide(plain: &str) -> String {
    hex::encode(plain)
}

fn unhide(text: &str) -> Option<String> {
    String::from_utf8(hex::decode(text).ok()?).ok()
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Length of the whole list.
    pub total: Total,
    /// Where the next part begins; `None` at the end.
    pub next: Option<String>,
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

    /// From a count that stopped one above [`Total::COUNTED`].
    pub fn of(count: u64) -> Self {
        if count > Self::COUNTED { Self::AtLeast(Self::COUNTED) } else { Self::Exactly(count) }
    }
}

impl<T> Part<T> {
    /// From one item more than the part holds, if there are so many.
    pub fn cut<C: Cursor>(mut items: Vec<T>, page_size: u32, total: Total, place: impl Fn(&T) -> C) -> Self {
        let more = items.len() > page_size as usize;
        items.truncate(page_size as usize);
        let next = items.last().filter(|_| more).map(|last| place(last).encode());
        Self { items, total, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let time = TimeCursor { at: -5, id: 7 };
        assert_eq!(TimeCursor::decode(&time.encode()), Some(time));
        for name in ["nas", "", "Büro: 2 🖥", &"é".repeat(255)] {
            let cursor = NameCursor { name: name.to_owned(), id: i64::MAX };
            assert_eq!(NameCursor::decode(&cursor.encode()), Some(cursor));
        }
    }

    #[test]
    fn nothing_else_is_a_cursor() {
        let time = TimeCursor { at: 5, id: 7 }.encode();
        let long = NameCursor { name: "x".repeat(256), id: 1 }.encode();
        for text in ["", "7", "zz", "+1+1", "é", &time[2..], &time[..time.len() - 1], &long, &hide("n:1:a\0")]
        {
            assert_eq!(TimeCursor::decode(text), None, "{text}");
            assert_eq!(NameCursor::decode(text), None, "{text}");
        }
        assert_eq!(NameCursor::decode(&time), None);
    }

    #[test]
    fn the_item_too_many_says_that_there_is_a_next_part() {
        let place = |id: &i64| TimeCursor { at: 0, id: *id };
        let part = Part::cut(vec![3, 2, 1], 2, Total::of(3), place);
        assert_eq!((part.items, part.next), (vec![3, 2], Some(place(&2).encode())));
        let end = Part::cut(vec![2, 1], 2, Total::of(10_001), place);
        assert_eq!((end.items, end.next, end.total), (vec![2, 1], None, Total::AtLeast(10_000)));
    }
}
