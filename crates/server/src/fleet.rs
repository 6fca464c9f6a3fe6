//! The fleet key: what agents and server hash serial numbers with, so that they mean nothing elsewhere.

use std::fmt;

use crate::store::{Store, StoreError};

const SETTING: &str = "fleet_key";

/// 32 random bytes, made once for each database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FleetKey([u8; 32]);

/// Why there is no fleet key.
#[derive(Debug, thiserror::Error)]
pub enum FleetKeyError {
    /// The database does not answer.
    #[error("the fleet key in the database cannot be read")]
    Store(#[from] StoreError),
    /// No randomness from the kernel.
    #[error("the kernel gives no random numbers")]
    Random(#[from] getrandom::Error),
    /// The setting is damaged. Making a new one would make every known machine a stranger.
    #[error("the setting fleet_key in the database is not 64 hexadecimal digits")]
    Damaged,
}

impl FleetKey {
    /// The key of this database, which is made at the first start.
    ///
    /// # Errors
    /// When it can neither be read nor made.
    pub async fn load(store: &Store) -> Result<Self, FleetKeyError> {
        let kept = match store.setting(SETTING).await? {
            Some(kept) => kept,
            None => store.setting_or_insert(SETTING, &Self::random()?.to_hex()).await?,
        };
        Self::from_hex(&kept).ok_or(FleetKeyError::Damaged)
    }

    /// The key.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 hexadecimal digits, as agents get it.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    fn from_hex(text: &str) -> Option<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).ok()?;
        Some(Self(key))
    }
}

impl fmt::Debug for FleetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FleetKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::FleetKey;

    #[test]
    fn hexadecimal_goes_both_ways() {
        let key = FleetKey::random().unwrap();
        assert_eq!(FleetKey::from_hex(&key.to_hex()), Some(key));
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(FleetKey::from_hex(text), None);
        }
        assert_eq!(format!("{key:?}"), "FleetKey(***)");
    }
}
