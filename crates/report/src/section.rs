//! The shape that most of a report has: a struct in which every field may be absent.

/// Declares structs whose fields are all optional: absent and `null` read alike, and an absent field
/// is not written.
macro_rules! section {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
            pub struct $name {
                $(
                    $(#[$field_meta])*
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    pub $field: Option<$type>,
                )*
            }
        )*
    };
}

pub(crate) use section;
