//! Maps as a report may hold them.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::metric::Component;
use crate::text::{Name, TextError, count};

/// What may stand before the colon.
pub(crate) trait Key: Ord + Sized {
    /// The key; `None` for one that is unknown, which is ignored like every unknown field.
    fn read(text: String) -> Result<Option<Self>, TextError>;
}

impl Key for String {
    fn read(text: String) -> Result<Option<Self>, TextError> {
        Name::new(text).map(|name| Some(name.into_string()))
    }
}

impl Key for Component {
    fn read(text: String) -> Result<Option<Self>, TextError> {
        Ok(Self::from_name(&text))
    }
}

/// Reads a map, or `null`. Entries that are `null` are absent.
pub(crate) fn map<'de, D, K, V>(deserializer: D) -> Result<Option<BTreeMap<K, V>>, D::Error>
where
    D: Deserializer<'de>,
    K: Key,
    V: Deserialize<'de>,
{
    deserializer.deserialize_any(Entries(PhantomData))
}

struct Entries<K, V>(PhantomData<(K, V)>);

impl<'de, K: Key, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
    type Value = Option<BTreeMap<K, V>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let (mut map, mut entries) = (BTreeMap::new(), 0);
        while let Some(text) = access.next_key::<String>()? {
            count(&mut entries)?;
            let Some(key) = K::read(text).map_err(Error::custom)? else {
                access.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Some(value) = access.next_value::<Option<V>>()? {
                map.insert(key, value);
            }
        }
        Ok(Some(map))
    }
}
