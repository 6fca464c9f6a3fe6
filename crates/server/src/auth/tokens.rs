//! Whose token it is: looked up by hash, and remembered for some seconds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use report::Timestamp;

use super::bearer::Bearer;
use super::token::{TokenHash, looks_made};
use crate::domain::token::{OPERATOR, Scope, Token};
use crate::store::{Store, StoreError};

/// A token that was revoked on another server, or by a command, is taken for so long.
const REMEMBERED: Duration = Duration::from_secs(5);
/// The time of last use is written when it is older than this.
const USE_WRITTEN_MS: i64 = 10 * 60 * 1000;

/// The tokens that there are.
#[derive(Debug)]
pub struct Tokens {
    operator: TokenHash,
    store: Store,
    known: RwLock<HashMap<TokenHash, Known>>,
}

/// What the database said of a token, and when.
#[derive(Clone, Debug)]
struct Known {
    bearer: Bearer,
    expires_at: Option<Timestamp>,
    read: Instant,
}

impl Tokens {
    /// `operator` is the token for everything.
    pub fn new(operator: TokenHash, store: Store) -> Self {
        Self { operator, store, known: RwLock::default() }
    }

    /// Whose token this is; `None` if it is nobody's, or no more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) async fn find(
        &self,
        candidate: &[u8],
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Bearer>, StoreError> {
        if self.operator.matches(&hash) {
            return Ok(Some(Bearer { name: OPERATOR.into(), scope: Scope::Admin, device: None }));
        }
        if !looks_made(candidate) {
            return Ok(None);
        }
        let known = match self.remembered(hash) {
            Some(known) => known,
            None => match self.ask(hash, now).await? {
                Some(known) => known,
                None => return Ok(None),
            },
        };
        let over = known.expires_at.is_some_and(|end| end <= now);
        Ok((!over).then_some(known.bearer))
    }

    /// All is asked anew: a token was revoked here.
    pub(crate) fn forget(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remembered(&self, hash: TokenHash) -> Option<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&hash).filter(|known| known.read.elapsed() < REMEMBERED).cloned()
    }

    /// Only tokens that there are fill the memory.
    async fn ask(&self, hash: TokenHash, now: Timestamp) -> Result<Option<Known>, StoreError> {
        let read = Instant::now();
        let found = self.store.token_by_hash(&hash.bytes()).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Some(token) = found else {
            known.remove(&hash);
            return Ok(None);
        };
        let Token { id, name, scope, device, created_at: _, expires_at, last_used_at, revoked_at: _ } = token;
        let bearer = Bearer { name: name.into(), scope, device: device.map(Arc::from) };
        let found = Known { bearer, expires_at, read };
        known.insert(hash, found.clone());
        drop(known);
        let over = expires_at.is_some_and(|end| end <= now);
        if !over && last_used_at.is_none_or(|last| now.ms_since(last) > USE_WRITTEN_MS) {
            self.write_use(id, now);
        }
        Ok(Some(found))
    }

    /// Nobody waits for it, and a failure harms nobody.
    fn write_use(&self, id: i64, now: Timestamp) {
        let store = self.store.clone();
        tokio::spawn(async move {
            if let Err(error) = store.touch_token(id, now).await {
                tracing::warn!(%error, id, "the use of a token was not written down");
            }
        });
    }
}
