//! What can go wrong with the store, and whether trying again can help.

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full, the database is locked, out of reach or shutting down: the same request may pass later.
    #[error("the database is unavailable")]
    Unavailable(#[source] Option<sqlx::Error>),
    /// The database refused a statement or a value: trying again changes nothing.
    #[error("the database refused a statement")]
    Refused(#[source] sqlx::Error),
    /// Something in the database is not what we wrote there.
    #[error("the database holds {0}")]
    Corrupt(String),
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// True if the same request may pass later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match Class::of(&error) {
            Class::Data => Self::Refused(error),
            Class::Race | Class::Unavailable => Self::Unavailable(Some(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migrate(error)
    }
}

/// What an error of the database means for the batch that met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A value or a statement is at fault.
    Data,
    /// Two servers wanted the same thing at once: the same batch passes when tried again.
    Race,
    /// The database is: full, locked, broken or away.
    Unavailable,
}

impl Class {
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(database) => Self::of_code(database.code().as_deref().unwrap_or("")),
            E::Encode(_) | E::Decode(_) | E::ColumnDecode { .. } | E::ColumnIndexOutOfBounds { .. } => {
                Self::Data
            }
            E::ColumnNotFound(_) | E::TypeNotFound { .. } | E::InvalidArgument(_) | E::RowNotFound => {
                Self::Data
            }
            _ => Self::Unavailable,
        }
    }

    /// SQLSTATE has five characters; SQLite's extended result code is a number whose low byte is the kind.
    fn of_code(code: &str) -> Self {
        if code.len() == 5 {
            return match code {
                "40001" | "40P01" | "23505" => Self::Race,
                _ => match &code[..2] {
                    "22" | "23" | "42" => Self::Data,
                    _ => Self::Unavailable,
                },
            };
        }
        const ERROR: i32 = 1;
        const TOO_BIG: i32 = 18;
        const CONSTRAINT: i32 = 19;
        const MISMATCH: i32 = 20;
        const RANGE: i32 = 25;
        match code.parse::<i32>().map(|code| code & 0xff) {
            Ok(ERROR | TOO_BIG | CONSTRAINT | MISMATCH | RANGE) => Self::Data,
            _ => Self::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn codes_are_sorted() {
        for (code, class) in [
            ("40001", Class::Race),
            ("40P01", Class::Race),
            ("23505", Class::Race),
            ("22021", Class::Data),
            ("23502", Class::Data),
            ("53100", Class::Unavailable),
            ("57P01", Class::Unavailable),
            ("5", Class::Unavailable),   // busy
            ("13", Class::Unavailable),  // full
            ("778", Class::Unavailable), // I/O error, write
            ("1555", Class::Data),       // primary key
            ("2067", Class::Data),       // unique
            ("", Class::Unavailable),
        ] {
            assert_eq!(Class::of_code(code), class, "{code}");
        }
    }
}
