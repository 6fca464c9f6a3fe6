//! Statements with many rows, or many values to look for: few texts of each, so that none is parsed anew.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::connection::{Connection, Engine};
use super::value::{Row, Value};

/// Parameters of one statement at most: SQLite takes 32,766, PostgreSQL 65,535.
const MOST_PARAMETERS: usize = 16_384;
/// Rows of one statement at most.
const MOST_ROWS: usize = 256;

/// A statement around a list of rows, or around a list of values: then a row has one column.
pub(super) struct Bulk {
    /// The text before the list.
    before: &'static str,
    /// Values in each row.
    columns: usize,
    /// The text after it.
    after: &'static str,
}

impl Bulk {
    /// `before (…), (…) after`, with so many columns.
    pub(super) const fn rows(before: &'static str, columns: usize, after: &'static str) -> Self {
        assert!(columns > 1, "a list of values is made with `any_of`");
        Self { before, columns, after }
    }

    /// `before (…, …) after`: the values that a column may have.
    pub(super) const fn any_of(before: &'static str, after: &'static str) -> Self {
        Self { before, columns: 1, after }
    }

    /// The largest power of two that is no more than what is left, and fits a statement.
    fn size(&self, left: usize) -> usize {
        let most = left.min(MOST_ROWS).min(MOST_PARAMETERS / self.columns).max(1);
        1 << most.ilog2()
    }

    /// The statements that it takes for these values, each with its own.
    fn statements(&self, engine: Engine, values: Vec<Value>) -> impl Iterator<Item = (SqlStr, Vec<Value>)> {
        let mut left = values.into_iter();
        std::iter::from_fn(move || {
            let rows = left.len() / self.columns;
            let size = if rows > 0 { self.size(rows) } else { return None };
            Some((self.text(engine, size), left.by_ref().take(size * self.columns).collect()))
        })
    }

    fn text(&self, engine: Engine, rows: usize) -> SqlStr {
        type Key = (Engine, &'static str, usize, &'static str, usize);
        type Texts = HashMap<Key, Arc<str>>;
        static TEXTS: LazyLock<Mutex<Texts>> = LazyLock::new(Mutex::default);
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (engine, self.before, self.columns, self.after, rows);
        let text = texts.entry(key).or_insert_with(|| self.build(engine, rows).into());
        AssertSqlSafe(Arc::clone(text)).into_sql_str()
    }

    /// SQLite looks every `$1` up among all names before it, which takes longer the more there are; `?` has no name.
    fn build(&self, engine: Engine, rows: usize) -> String {
        let mut text = String::from(self.before);
        let single = self.columns == 1;
        text.push_str(if single { " (" } else { " " });
        let mut place = 0;
        for row in 0..rows {
            text.push_str(if row > 0 { ", " } else { "" });
            text.push_str(if single { "" } else { "(" });
            for column in 0..self.columns {
                place += 1;
                text.push_str(if column > 0 { ", " } else { "" });
                match engine {
                    Engine::Sqlite => text.push('?'),
                    Engine::Postgres => text.push_str(&format!("${place}")),
                }
            }
            text.push_str(if single { "" } else { ")" });
        }
        text.push_str(if single { ") " } else { " " });
        text.push_str(self.after);
        text
    }
}

impl Connection {
    /// Runs a statement over rows whose values lie one after the other, in as few statements as it takes; the
    /// rows that come back are in no particular order.
    pub(super) async fn fetch_bulk(
        &mut self,
        bulk: &Bulk,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let mut found = Vec::new();
        for (sql, values) in bulk.statements(self.engine(), values) {
            found.append(&mut self.fetch(sql, values).await?);
        }
        Ok(found)
    }

    /// As [`Connection::fetch_bulk`], for statements that answer nothing.
    pub(super) async fn execute_bulk(&mut self, bulk: &Bulk, values: Vec<Value>) -> Result<(), sqlx::Error> {
        for (sql, values) in bulk.statements(self.engine(), values) {
            self.execute(sql, values).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_lists_are_built_per_engine() {
        let rows = Bulk::rows("insert into t (a, b) values", 2, "returning id");
        assert_eq!(
            rows.build(Engine::Postgres, 2),
            "insert into t (a, b) values ($1, $2), ($3, $4) returning id"
        );
        let list = Bulk::any_of("select a from t where b in", "order by a");
        assert_eq!(list.build(Engine::Sqlite, 3), "select a from t where b in (?, ?, ?) order by a");
    }

    #[test]
    fn sizes_are_powers_of_two_within_the_limits() {
        let narrow = Bulk::any_of("", "");
        assert_eq!([1, 3, 64, 100, 5000].map(|left| narrow.size(left)), [1, 2, 64, 64, 256]);
        assert_eq!(Bulk::rows("", 1000, "").size(64), 16);
    }
}
