//! What goes into a statement and what comes out, the same for both engines.

use std::sync::Arc;

use sqlx::{Decode, Postgres, Row as _, Type};

/// A parameter of a statement. `None` is a NULL of that type: PostgreSQL wants to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A 64-bit integer: ids, times, counts.
    Int(Option<i64>),
    /// A number.
    Real(Option<f64>),
    /// Text.
    Text(Option<String>),
    /// Text that many rows share.
    Shared(Arc<str>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// Binds a list of values to a query of PostgreSQL.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Real(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Shared(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}
pub(crate) use bind;

macro_rules! value_from {
    ($($from:ty => |$value:ident| $make:expr,)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $make
            }
        })*
    };
}

value_from! {
    i64 => |value| Self::Int(Some(value)),
    Option<i64> => |value| Self::Int(value),
    f64 => |value| Self::Real(Some(value)),
    Option<f64> => |value| Self::Real(value),
    &str => |value| Self::Text(Some(value.to_owned())),
    String => |value| Self::Text(Some(value)),
    Option<String> => |value| Self::Text(value),
    Arc<str> => |value| Self::Shared(value),
    Vec<u8> => |value| Self::Bytes(Some(value)),
    Option<Vec<u8>> => |value| Self::Bytes(value),
}

/// A row of either engine.
pub(crate) enum Row {
    /// From SQLite.
    Sqlite(Box<[Cell]>),
    /// From PostgreSQL.
    Postgres(sqlx::postgres::PgRow),
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

/// Types that both engines can yield.
pub(crate) trait Column: InCell + for<'r> OnPostgres<'r> {}
impl<T> Column for T where T: InCell + for<'r> OnPostgres<'r> {}

/// Types that a cell can hold; `None` from one that holds something else.
pub(crate) trait InCell: Sized {
    fn of(cell: &Cell) -> Option<Self>;
}

impl InCell for i64 {
    fn of(cell: &Cell) -> Option<Self> {
        if let Cell::Int(value) = cell { Some(*value) } else { None }
    }
}

impl InCell for f64 {
    fn of(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Real(value) => Some(*value),
            Cell::Int(value) => Some(*value as f64),
            _ => None,
        }
    }
}

impl InCell for String {
    fn of(cell: &Cell) -> Option<Self> {
        if let Cell::Text(value) = cell { Some(value.as_ref().to_owned()) } else { None }
    }
}

impl InCell for Vec<u8> {
    fn of(cell: &Cell) -> Option<Self> {
        if let Cell::Bytes(value) = cell { Some(value.to_vec()) } else { None }
    }
}

impl<T: InCell> InCell for Option<T> {
    fn of(cell: &Cell) -> Option<Self> {
        if *cell == Cell::Null { Some(None) } else { T::of(cell).map(Some) }
    }
}

pub(crate) trait OnPostgres<'r>: Decode<'r, Postgres> + Type<Postgres> {}
impl<'r, T> OnPostgres<'r> for T where T: Decode<'r, Postgres> + Type<Postgres> {}

impl Row {
    /// How many columns it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }

    /// The column at `index`, from 0, as the select lists them.
    pub(crate) fn get<T: Column>(&self, index: usize) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => cell(row, index, T::of),
            Self::Postgres(row) => row.try_get(index),
        }
    }

    /// The text at `index`, where it lies.
    pub(crate) fn text(&self, index: usize) -> Result<&str, sqlx::Error> {
        self.optional_text(index)?.ok_or_else(|| sqlx::Error::Decode(sqlx::error::UnexpectedNullError.into()))
    }

    /// The same, where there may be none.
    pub(crate) fn optional_text(&self, index: usize) -> Result<Option<&str>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => cell(row, index, |cell| match cell {
                Cell::Null => Some(None),
                Cell::Text(text) => Some(Some(&**text)),
                _ => None,
            }),
            Self::Postgres(row) => row.try_get(index),
        }
    }
}

fn cell<'r, T>(
    row: &'r [Cell],
    index: usize,
    read: impl FnOnce(&'r Cell) -> Option<T>,
) -> Result<T, sqlx::Error> {
    let len = row.len();
    let cell = row.get(index).ok_or(sqlx::Error::ColumnIndexOutOfBounds { index, len })?;
    read(cell).ok_or_else(|| sqlx::Error::ColumnDecode {
        index: index.to_string(),
        source: format!("{cell:?} is of another type").into(),
    })
}

/// Reads a row's columns from left to right.
pub(crate) struct Columns<'r> {
    row: &'r Row,
    next: usize,
}

impl<'r> Columns<'r> {
    /// From the first column on.
    pub(crate) fn of(row: &'r Row) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(crate) fn next<T: Column>(&mut self) -> Result<T, sqlx::Error> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// The next column, a text, where it lies.
    pub(crate) fn text(&mut self) -> Result<&'r str, sqlx::Error> {
        self.next += 1;
        self.row.text(self.next - 1)
    }

    /// The same, where there may be none.
    pub(crate) fn optional_text(&mut self) -> Result<Option<&'r str>, sqlx::Error> {
        self.next += 1;
        self.row.optional_text(self.next - 1)
    }
}
