//! What pages call this server: read from the database now and then, not for every page.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::domain::settings::SITE_NAME;
use crate::store::Store;

/// A name that was changed on another server is shown after so long.
const REMEMBERED: Duration = Duration::from_secs(5);

/// The name.
#[derive(Debug)]
pub struct Site {
    store: Store,
    known: RwLock<(Arc<str>, Option<Instant>)>,
}

impl Site {
    /// Not yet read.
    pub fn new(store: Store) -> Self {
        Self { store, known: RwLock::new((SITE_NAME.into(), None)) }
    }

    /// The name. While the database is away, the last one that was read.
    pub(crate) async fn name(&self) -> Arc<str> {
        let (known, read) = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if read.is_some_and(|read| read.elapsed() < REMEMBERED) {
            return known;
        }
        match self.store.site_settings().await {
            Ok(settings) => {
                let name: Arc<str> = settings.site_name.into();
                *self.known.write().unwrap_or_else(PoisonError::into_inner) =
                    (Arc::clone(&name), Some(Instant::now()));
                name
            }
            Err(error) => {
                tracing::debug!(%error, "the name of the site could not be read");
                known
            }
        }
    }

    /// The last name that was read.
    pub(crate) fn last_name(&self) -> Arc<str> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// It was changed here: it is read anew.
    pub(crate) fn forget(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).1 = None;
    }
}
