//! What is no JSON, for the description.

use utoipa::ToSchema;

/// Bytes, as they are.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "the form is what counts")]
pub(crate) struct Octets(Vec<u8>);
