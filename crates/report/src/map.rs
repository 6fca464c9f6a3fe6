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

/// What such a map is in the description: its values may be `null`.
#[cfg(feature = "openapi")]
pub(crate) struct Described<V>(PhantomData<V>);

#[cfg(feature = "openapi")]
impl<V: utoipa::ToSchema> utoipa::__dev::ComposeSchema for Described<V> {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Ref, Schema, Type};
        let value = OneOfBuilder::new()
            .item(Ref::from_schema_name(V::name()))
            .item(ObjectBuilder::new().schema_type(Type::Null));
        ObjectBuilder::new().additional_properties(Some(Schema::from(value))).into()
    }
}

#[cfg(feature = "openapi")]
impl<V: utoipa::ToSchema> utoipa::ToSchema for Described<V> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("MapOf{}", V::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        schemas.push((V::name().into(), V::schema()));
        V::schemas(schemas);
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
