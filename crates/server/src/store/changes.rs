//! Who changed what, as the API serves it.

use report::Timestamp;

use super::paging::{Filter, KeyKind, List, Sort};
use super::settled::Table;
use super::value::{Columns, Row};
use super::{Store, StoreError, stored};
use crate::domain::change::{Changed, ChangesWanted};
use crate::domain::paging::{Paging, Part};

const COLUMNS: &str = "c.id, c.at, c.who, c.action, c.subject_id, c.subject_name, c.detail_json";

impl Store {
    /// A part of the changes, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, wanted: ChangesWanted, paging: &Paging) -> Result<Part<Changed>, StoreError> {
        let list = List {
            columns: COLUMNS,
            items: "changes c",
            joined: "",
            filter: filter(wanted),
            sort: Sort { key: "c.at", kind: KeyKind::Int, id: "c.id", descending: true },
        };
        let mut read = self.read_list(Table::Changes, paging).await?;
        Ok(list.read(&mut read, paging).await?.try_map(|row| changed(&row))?)
    }
}

fn filter(wanted: ChangesWanted) -> Filter {
    let ChangesWanted { from, to, who, action, subject_id } = wanted;
    let filter = Filter::default()
        .and_if("c.at >= ?", from.map(Timestamp::as_ms))
        .and_if("c.at < ?", to.map(Timestamp::as_ms))
        .and_if("c.who = ?", who)
        .and_if("c.subject_id = ?", subject_id);
    match action {
        // `device` begins all that is done to devices: from "device." up to the next character, "device/".
        Some(noun) if !noun.contains('.') => filter
            .and("c.action > ? and c.action < ?", [format!("{noun}.").into(), format!("{noun}/").into()]),
        action => filter.and_if("c.action = ?", action),
    }
}

fn changed(row: &Row) -> Result<Changed, sqlx::Error> {
    let mut columns = Columns::of(row);
    Ok(Changed {
        id: columns.next()?,
        at: Timestamp::from_ms(columns.next()?),
        who: columns.next()?,
        action: columns.next()?,
        subject_id: columns.next()?,
        subject_name: columns.next()?,
        detail: stored::from_json(&columns.next::<String>()?)?,
    })
}
