//! What a wrong setting gets: its name, what is wrong, the form, an example.

use crate::store::DatabaseUrlError;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// One that is read here.
    #[error("{variable}: {problem}. Expected: {form}. For example: {variable}={example}")]
    Setting {
        /// Its name.
        variable: &'static str,
        /// What is wrong with the value.
        problem: String,
        /// What it should look like.
        form: &'static str,
        /// One that works.
        example: &'static str,
    },
    /// The address of the database, which the store reads. Not as a source: the message has it, and a chain of errors
    /// would say it twice.
    #[error("{0}. For example: DATABASE_URL=sqlite:///./data.db")]
    Database(DatabaseUrlError),
}

impl From<DatabaseUrlError> for ConfigError {
    fn from(error: DatabaseUrlError) -> Self {
        Self::Database(error)
    }
}

impl ConfigError {
    /// Names the variable, what is wrong with it, what it should look like, and one value that works.
    pub fn new(
        variable: &'static str,
        problem: impl Into<String>,
        form: &'static str,
        example: &'static str,
    ) -> Self {
        Self::Setting { variable, problem: problem.into(), form, example }
    }
}
