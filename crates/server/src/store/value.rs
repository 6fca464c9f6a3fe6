//! What goes into a statement and what comes out, the same for both engines.

use std::sync::Arc;

use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

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

/// Binds a list of values to a query of either engine.
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
    Sqlite(sqlx::sqlite::SqliteRow),
    /// From PostgreSQL.
    Postgres(sqlx::postgres::PgRow),
}

/// Types that both engines can yield.
pub(crate) trait Column: for<'r> OnSqlite<'r> + for<'r> OnPostgres<'r> {}
impl<T> Column for T where T: for<'r> OnSqlite<'r> + for<'r> OnPostgres<'r> {}

pub(crate) trait OnSqlite<'r>: Decode<'r, Sqlite> + Type<Sqlite> {}
impl<'r, T> OnSqlite<'r> for T where T: Decode<'r, Sqlite> + Type<Sqlite> {}

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
            Self::Sqlite(row) => row.try_get(index),
            Self::Postgres(row) => row.try_get(index),
        }
    }
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
}
