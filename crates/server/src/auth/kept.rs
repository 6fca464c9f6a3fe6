//! The token of an operator who gave none: made at the first start, then kept beside the data.
//!
//! With SQLite it is the file `api_token` in the folder of the database, readable by the server's user
//! alone. With PostgreSQL it stands in the settings table, for all servers on that database to share.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::config::{Config, DatabaseUrl, Secret};
use crate::store::{Store, StoreError};

/// Name of the file, and of the setting.
const NAME: &str = "api_token";

/// The token, and where it comes from.
#[derive(Clone, Debug)]
pub struct KeptToken {
    /// The token.
    pub token: Secret,
    /// True if it was made just now, and nobody has seen it yet.
    pub new: bool,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read or written.
    #[error("the file {} with the token cannot be used", path.display())]
    File {
        /// Where it should be.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// The database does not answer.
    #[error("the token in the database cannot be read")]
    Store(#[from] StoreError),
    /// No randomness from the kernel.
    #[error("the kernel gives no random numbers")]
    Random(#[from] getrandom::Error),
}

/// The token that counts: the configured one, else the one that is kept; `None` if none was made yet.
///
/// # Errors
/// When the place where it is kept cannot be read.
pub async fn find(config: &Config, store: &Store) -> Result<Option<Secret>, TokenError> {
    if let Some(token) = &config.api_token {
        return Ok(Some(token.clone()));
    }
    match &config.database {
        DatabaseUrl::Sqlite(database) => read_beside(database),
        DatabaseUrl::Postgres(_) => Ok(store.setting(NAME).await?.map(Secret::new)),
    }
}

/// The same, but makes one if there is none.
///
/// # Errors
/// When it can neither be read nor kept.
pub async fn find_or_make(config: &Config, store: &Store) -> Result<KeptToken, TokenError> {
    if let Some(token) = find(config, store).await? {
        return Ok(KeptToken { token, new: false });
    }
    let fresh = random()?;
    match &config.database {
        DatabaseUrl::Sqlite(database) => write(&file_beside(database), &fresh)?,
        DatabaseUrl::Postgres(_) => {
            // Another server may have been faster: then its token is everybody's.
            let kept = store.setting_or_insert(NAME, &fresh).await?;
            return Ok(KeptToken { new: kept == fresh, token: Secret::new(kept) });
        }
    }
    Ok(KeptToken { token: Secret::new(fresh), new: true })
}

/// The token in the folder of this SQLite database, if one was made.
///
/// # Errors
/// When the file is there but cannot be read.
pub fn read_beside(database: &Path) -> Result<Option<Secret>, TokenError> {
    read(&file_beside(database))
}

fn file_beside(database: &Path) -> PathBuf {
    database.with_file_name(NAME)
}

/// 192 random bits in hexadecimal.
fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// An empty file is one whose writing was cut short: as good as none.
fn read(path: &Path) -> Result<Option<Secret>, TokenError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim()).filter(|token| !token.is_empty()).map(Secret::new)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TokenError::File { path: path.to_owned(), source }),
    }
}

fn write(path: &Path, token: &str) -> Result<(), TokenError> {
    let written = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        // The mode above is that of a new file: one that was there keeps its own.
        file.set_permissions(Permissions::from_mode(0o600))?;
        writeln!(file, "{token}")?;
        file.sync_all()
    };
    written().map_err(|source| TokenError::File { path: path.to_owned(), source })
}
