//! Up to which id a table is settled: no row with a smaller or equal id can still appear.
//!
//! Ids are given when a row is written, and rows appear when their transaction commits. On SQLite one writer at a time does
//! both, so that rows appear in the order of their ids. On PostgreSQL several servers write at once: row 8 may be there while
//! row 7 is not yet. Whoever walks from cursor to cursor would pass the place of row 7 and never see it; so cursors lead to
//! settled rows only. (Pages by number show whatever is there.)
//!
//! A writer says in its transaction, before it takes the first id, above which id its own will be: by an advisory lock whose
//! key holds that id, and which is gone when the transaction is over, however it ends. A reader takes the last id that was
//! given, then the smallest of those locks, and only then the snapshot that it reads from. Whoever took an id up to the last one
//! had its lock before; if that lock is gone, its rows are in the snapshot; and if it is there, it bounds what is settled.

use super::connection::{Connection, Engine};

/// A table whose rows get ids as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Devices,
    Snapshots,
    Benchmarks,
    Changes,
}

impl Table {
    const ALL: [Self; 4] = [Self::Devices, Self::Snapshots, Self::Benchmarks, Self::Changes];

    /// Where PostgreSQL counts its ids.
    fn sequence(self) -> &'static str {
        match self {
            Self::Devices => "devices_id_seq",
            Self::Snapshots => "hardware_snapshots_id_seq",
            Self::Benchmarks => "benchmarks_id_seq",
            Self::Changes => "changes_id_seq",
        }
    }

    /// The upper 16 bits of the keys of its locks; ids fit the other 48. ("BT", and a number.)
    fn class(self) -> i64 {
        let number = match self {
            Self::Devices => 1,
            Self::Snapshots => 2,
            Self::Benchmarks => 3,
            Self::Changes => 4,
        };
        0x4250 | number
    }
}

/// Says above which ids those of the transaction that just began will be.
pub(super) async fn announce(connection: &mut Connection) -> Result<(), sqlx::Error> {
    if connection.engine() == Engine::Sqlite {
        return Ok(());
    }
    connection.fetch(sqlx::AssertSqlSafe(announcement()), Vec::new()).await.map(drop)
}

fn announcement() -> String {
    let lock = |table: Table| {
        let (class, sequence) = (table.class() << 48, table.sequence());
        format!(
            "pg_advisory_xact_lock_shared({class} | (select last_value - (not is_called)::int from {sequence}))"
        )
    };
    format!("select {}", Table::ALL.map(lock).join(", "))
}

/// The statement that asks up to which id the table is settled, for a reader whose snapshot is yet to come. The subquery with
/// the locks depends on the one before it, so that it comes after it.
pub(super) fn question(table: Table) -> String {
    let (class, sequence) = (table.class(), table.sequence());
    format!(
        "select least(l.id, k.id) from (select last_value as id from {sequence}) l cross join lateral \
         (select min(((classid::bigint & 65535) << 32) | objid::bigint) as id from pg_locks \
         where l.id is not null and locktype = 'advisory' and objsubid = 1 and (classid::bigint >> 16) = {class} \
         and database = (select oid from pg_database where datname = current_database())) k"
    )
}
