//! Parts of lists, by number or by cursor: the same statements for every list.

use sqlx::AssertSqlSafe;

use super::connection::Read;
use super::stored;
use super::value::{Row, Value};
use crate::domain::paging::{NameCursor, Paging, Start, TimeCursor, Total};

/// A list, before it is known which part of it is wanted.
pub(super) struct List {
    /// What is read of each item.
    pub(super) columns: &'static str,
    /// From where, with the condition that makes the list.
    pub(super) from: &'static str,
    /// The values of that condition, from `$1` on.
    pub(super) values: Vec<Value>,
    /// The two columns that it is sorted by: neither is ever NULL, and the second is unique.
    pub(super) keys: (&'static str, &'static str),
    /// The newest or the largest first.
    pub(super) descending: bool,
}

/// A cursor as the two keys of the sorting.
pub(super) trait Keys {
    fn keys(&self) -> [Value; 2];
}

impl Keys for TimeCursor {
    fn keys(&self) -> [Value; 2] {
        [self.at.into(), self.id.into()]
    }
}

impl Keys for NameCursor {
    fn keys(&self) -> [Value; 2] {
        [self.name.as_str().into(), self.id.into()]
    }
}

impl List {
    /// The rows of a part, and one more if there is one; and how long the list is.
    pub(super) async fn read<C: Keys>(
        self,
        read: &mut Read,
        paging: &Paging<C>,
    ) -> Result<(Vec<Row>, Total), sqlx::Error> {
        let total = self.count(read).await?;
        let Self { columns, from, mut values, keys: (first, second), descending } = self;
        let (order, beyond) = if descending { (" desc", "<") } else { ("", ">") };
        let mut sql = format!("select {columns} {from}");
        let offset = match &paging.start {
            Start::After(pages) => i64::from(*pages).saturating_mul(i64::from(paging.page_size)),
            Start::Behind(cursor) => {
                let (a, b) = (values.len() + 1, values.len() + 2);
                sql.push_str(&format!(" and ({first}, {second}) {beyond} (${a}, ${b})"));
                values.extend(cursor.keys());
                0
            }
        };
        let (limit, skip) = (values.len() + 1, values.len() + 2);
        sql.push_str(&format!(" order by {first}{order}, {second}{order} limit ${limit} offset ${skip}"));
        values.extend([Value::from(i64::from(paging.page_size) + 1), Value::from(offset)]);
        Ok((read.fetch(AssertSqlSafe(sql), values).await?, total))
    }

    async fn count(&self, read: &mut Read) -> Result<Total, sqlx::Error> {
        let (from, limit) = (self.from, Total::COUNTED + 1);
        let sql = format!("select count(*) from (select 1 {from} limit {limit}) counted");
        let row = read.fetch_first(AssertSqlSafe(sql), self.values.clone()).await?;
        Ok(Total::of(stored::count(row.ok_or(sqlx::Error::RowNotFound)?.get(0)?)))
    }
}
