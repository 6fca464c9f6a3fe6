//! Numbers: ids, and what can be counted or measured.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{__dev::ComposeSchema, ToSchema};

use super::field::{Field, Misfit};

/// The id of something else: 1 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(i64);

impl Id {
    /// The plain number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl From<i64> for Id {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

impl Field for Id {
    const IS_NUMBER: bool = true;

    fn from_json(value: &Value, _: Option<&Self>) -> Result<Option<Self>, Misfit> {
        const EXPECTED: &str = "an id: a whole number from 1 on";
        let Value::Number(number) = value else { return Err(Misfit::expected(EXPECTED, value)) };
        let whole = number.as_i64().or_else(|| whole(number.as_f64()?)).filter(|id| *id > 0);
        let id = whole.ok_or_else(|| Misfit::new(format!("{number}, expected {EXPECTED}")))?;
        Ok(Some(Self(id)))
    }

    fn from_cell(cell: &str) -> Result<Option<Self>, Misfit> {
        Self::from_json(&number(cell), None)
    }

    fn to_cell(&self) -> String {
        self.0.to_string()
    }
}

/// `4.0` is a whole number; beyond 2^53 nobody knows which one it is.
fn whole(number: f64) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= MOST).then_some(number as i64)
}

/// What is paid or measured: from 0 to a million million, fractions allowed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(f64);

/// More is a mistake.
const MOST: f64 = 1e12;

impl Field for Quantity {
    const IS_NUMBER: bool = true;

    fn from_json(value: &Value, _: Option<&Self>) -> Result<Option<Self>, Misfit> {
        const EXPECTED: &str = "a number from 0 to 1000000000000";
        let Value::Number(number) = value else { return Err(Misfit::expected(EXPECTED, value)) };
        let quantity = number.as_f64().filter(|quantity| (0.0..=MOST).contains(quantity));
        let quantity = quantity.ok_or_else(|| Misfit::new(format!("{number}, expected {EXPECTED}")))?;
        // Minus zero is zero.
        Ok(Some(Self(quantity.abs())))
    }

    fn from_cell(cell: &str) -> Result<Option<Self>, Misfit> {
        Self::from_json(&number(cell), None)
    }

    fn to_cell(&self) -> String {
        self.0.to_string()
    }
}

/// The number in a cell; text, if it is none.
fn number(cell: &str) -> Value {
    let cell = cell.trim();
    let whole = cell.parse::<i64>().ok().map(Value::from);
    let real = || cell.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number);
    whole.or_else(real).unwrap_or_else(|| cell.into())
}

impl ComposeSchema for Id {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(i64::MAX)).into()
    }
}

impl ToSchema for Id {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

impl ComposeSchema for Quantity {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Number).minimum(Some(0)).maximum(Some(MOST)).into()
    }
}

impl ToSchema for Quantity {
    /// Reports have a `Quantity` of their own.
    fn name() -> Cow<'static, str> {
        "TypedQuantity".into()
    }
}
