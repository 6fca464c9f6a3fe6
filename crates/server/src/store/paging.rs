//! Parts of lists, by number or by cursor: the same statements for every list.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::AssertSqlSafe;

use super::connection::Read;
use super::stored;
use super::value::{Row, Value};
use crate::domain::paging::{Key, Paging, Part, Place, Start, Total};

/// A list, before it is known which part of it is wanted.
pub(super) struct List {
    /// What is read of each item, from the rows that `rows` joins.
    pub(super) columns: &'static str,
    /// The table of the items, with its name in all texts here: `devices d`. Alone, so that passing over rows reads only
    /// the index that leads through them.
    pub(super) items: &'static str,
    /// What is joined to the items of the part; may be empty.
    pub(super) joined: &'static str,
    /// Which items.
    pub(super) filter: Filter,
    /// In which order.
    pub(super) sort: Sort,
}

/// Conditions that all hold, with their values.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    /// One more condition, in which `?` stands for each of the values in turn.
    pub(super) fn and(mut self, condition: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let mut values = values.into_iter();
        self.sql.push_str(" and ");
        for (number, piece) in condition.split('?').enumerate() {
            if number > 0 {
                self.values.extend(values.next());
                self.sql.push_str(&format!("${}", self.values.len()));
            }
            self.sql.push_str(piece);
        }
        self
    }

    /// A statement with the conditions, which begin with ` and`, in place of `{}`.
    pub(super) fn statement(self, around: &str) -> (String, Vec<Value>) {
        (around.replacen("{}", &self.sql, 1), self.values)
    }

    /// The same, where there is a value.
    pub(super) fn and_if<V: Into<Value>>(self, condition: &str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.and(condition, [value.into()]),
            None => self,
        }
    }
}

/// By what a list is sorted. Its id, which is unique, follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    /// The column; never NULL.
    pub(super) key: &'static str,
    /// What it holds.
    pub(super) kind: KeyKind,
    /// The column of the id.
    pub(super) id: &'static str,
    /// The newest or the largest first.
    pub(super) descending: bool,
}

/// What a sort key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Int,
    Real,
    Text,
}

impl KeyKind {
    fn read(self, row: &Row, index: usize) -> Result<Key, sqlx::Error> {
        Ok(match self {
            Self::Int => Key::Int(row.get(index)?),
            Self::Real => Key::Real(row.get(index)?),
            Self::Text => Key::Text(row.get(index)?),
        })
    }

    /// A cursor that fits the list has a key of its kind; one that was tampered with is the beginning of nothing.
    pub(super) fn value(self, key: &Key) -> Result<Value, sqlx::Error> {
        match (self, key) {
            (Self::Int, Key::Int(key)) => Ok((*key).into()),
            (Self::Real, Key::Real(key)) => Ok((*key).into()),
            (Self::Text, Key::Text(key)) => Ok(key.as_str().into()),
            _ => Err(sqlx::Error::InvalidArgument("a cursor with a key of another kind".to_owned())),
        }
    }
}

impl List {
    /// The rows of a part, with its place in the list; `columns` come first in them.
    pub(super) async fn read(&self, read: &mut Read, paging: &Paging) -> Result<Part<Row>, sqlx::Error> {
        let total = Self::count(read, self.items, &self.filter).await?;
        self.part(read, paging, total).await
    }

    /// The same, where it is known how many there are.
    pub(super) async fn part(
        &self,
        read: &mut Read,
        paging: &Paging,
        total: Total,
    ) -> Result<Part<Row>, sqlx::Error> {
        if total == Total::Exactly(0) {
            return Ok(Part { items: Vec::new(), total, next: None });
        }
        let (sql, values) = self.statement(paging, read.settled)?;
        Part::cut(read.fetch(AssertSqlSafe(sql), values).await?, paging, total, |row| self.place(row))
    }

    /// The keys of the part are found first, by the index alone; then what else is read of each item.
    fn statement(&self, paging: &Paging, settled: Option<i64>) -> Result<(String, Vec<Value>), sqlx::Error> {
        let Self { columns, items, joined, filter, sort } = self;
        let Sort { key, kind, id, descending } = *sort;
        let (order, beyond) = if descending { (" desc", "<") } else { ("", ">") };
        let mut values = filter.values.clone();
        let mut chosen = format!("select {id} as chosen_id from {items} where true{}", filter.sql);
        if let Start::Behind(Place { key: behind, id: behind_id }) = &paging.start {
            values.extend([kind.value(behind)?, (*behind_id).into()]);
            let (a, b) = (values.len() - 1, values.len());
            chosen.push_str(&format!(" and ({key}, {id}) {beyond} (${a}, ${b})"));
        }
        if let Some(settled) = settled {
            values.push(settled.into());
            chosen.push_str(&format!(" and {id} <= ${}", values.len()));
        }
        values.push(paging.offset().into());
        let skip = values.len();
        // Written out: SQLite plans a statement anew for every limit that it is given as a value.
        let limit = u64::from(paging.page_size) + 1;
        let sql = format!(
            "select {columns}, {key}, {id} from \
             ({chosen} order by {key}{order}, {id}{order} limit {limit} offset ${skip}) chosen \
             join {items} on {id} = chosen.chosen_id {joined} order by {key}{order}, {id}{order}"
        );
        Ok((sql, values))
    }

    /// The last two columns.
    fn place(&self, row: &Row) -> Result<Place, sqlx::Error> {
        let columns = row.len();
        Ok(Place { key: self.sort.kind.read(row, columns - 2)?, id: row.get(columns - 1)? })
    }

    /// A whole table is counted by its smallest index, which is little up to [`Total::COUNTED`], and is known for a while
    /// where it is far above.
    async fn count(read: &mut Read, items: &'static str, filter: &Filter) -> Result<Total, sqlx::Error> {
        let limit = Total::COUNTED + 1;
        let all = filter.sql.is_empty();
        if all && read.long.contains(items) {
            return Ok(Total::AtLeast(Total::COUNTED));
        }
        let sql = match all {
            true => format!("select count(*) from {items}"),
            false => {
                format!(
                    "select count(*) from (select 1 from {items} where true{} limit {limit}) counted",
                    filter.sql
                )
            }
        };
        let row = read.fetch_first(AssertSqlSafe(sql), filter.values.clone()).await?;
        let count = stored::count(row.ok_or(sqlx::Error::RowNotFound)?.get(0)?);
        if all && count >= FAR * Total::COUNTED {
            read.long.insert(items);
        }
        Ok(Total::of(count))
    }
}

/// A table with so many times what is counted is not below that within [`Long::HOLDS`], whoever deletes what meanwhile.
const FAR: u64 = 10;

/// The tables that were far too long to count, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Long(Arc<Mutex<BTreeMap<&'static str, Instant>>>);

impl Long {
    const HOLDS: Duration = Duration::from_secs(10);

    fn contains(&self, items: &'static str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(items).is_some_and(|since| since.elapsed() < Self::HOLDS)
    }

    fn insert(&self, items: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(items, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_number_their_values() {
        let filter = Filter::default()
            .and("a = ?", [1.into()])
            .and_if("b = ?", None::<i64>)
            .and("(c between ? and ? or d)", [2.into(), 3.into()])
            .and_if("e = ?", Some("x"));
        assert_eq!(filter.sql, " and a = $1 and (c between $2 and $3 or d) and e = $4");
        assert_eq!(filter.values, [1.into(), 2.into(), 3.into(), "x".into()]);
    }
}
