//! What people say of a benchmark, and may change.

use report::FieldError;
use report::text::{Name, Prose};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::body::given;

/// What people say of a benchmark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Short free text.
    pub label: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Why it counts for nothing, where it was excluded.
    pub excluded: Option<String>,
}

/// A change of what people say: what is absent stays, null clears.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemarksPatch {
    /// Short free text.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Name>)]
    label: Option<Option<Name>>,
    /// Free text.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Prose>)]
    note: Option<Option<Prose>>,
    /// True: it stays in the history, but counts for nothing: no standing, no ranking, no statistics, no comparison.
    #[serde(default)]
    excluded: Option<bool>,
    /// Why; needed where `excluded` is true.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Prose>)]
    excluded_reason: Option<Option<Prose>>,
}

impl RemarksPatch {
    /// What is said after the change.
    ///
    /// # Errors
    /// The fields that do not fit what was said before.
    pub fn apply(&self, before: &Remarks) -> Result<Remarks, Vec<FieldError>> {
        let Self { label, note, excluded: _, excluded_reason: _ } = self;
        let kept = |given: Option<Option<String>>, before: &Option<String>| {
            given.map_or_else(|| before.clone(), |text| text.filter(|text| !text.trim().is_empty()))
        };
        Ok(Remarks {
            label: kept(label.clone().map(|text| text.map(Name::into_string)), &before.label),
            note: kept(note.clone().map(|text| text.map(Prose::into_string)), &before.note),
            excluded: self.exclusion(before.excluded.as_deref())?,
        })
    }

    fn exclusion(&self, before: Option<&str>) -> Result<Option<String>, Vec<FieldError>> {
        let refuse = |message: &str| Err(vec![FieldError::new("excluded_reason", message)]);
        let reason = match &self.excluded_reason {
            None => before,
            Some(given) => given.as_deref().filter(|reason| !reason.trim().is_empty()),
        };
        let excluded = self.excluded.unwrap_or(before.is_some());
        match (excluded, reason) {
            (true, None) => refuse("expected the reason why the benchmark does not count"),
            (true, Some(reason)) => Ok(Some(reason.to_owned())),
            (false, Some(_)) if matches!(self.excluded_reason, Some(Some(_))) => {
                refuse("expected only where `excluded` is true")
            }
            (false, _) => Ok(None),
        }
    }
}

impl Remarks {
    /// What is said now and was not before, for the record: `{"label": {"before": …, "after": …}}`.
    pub fn changes_from(&self, before: &Self) -> Map<String, Value> {
        let fields = |remarks: &Self| {
            let Self { label, note, excluded } = remarks.clone();
            let is_excluded = json!(excluded.is_some());
            [
                ("label", json!(label)),
                ("note", json!(note)),
                ("excluded", is_excluded),
                ("excluded_reason", json!(excluded)),
            ]
        };
        let both = fields(before).into_iter().zip(fields(self));
        let changed = both.filter(|((_, before), (_, after))| before != after);
        changed
            .map(|((name, before), (_, after))| {
                (name.to_owned(), json!({ "before": before, "after": after }))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(before: &Remarks, patch: Value) -> Result<Remarks, String> {
        let patch: RemarksPatch = serde_json::from_value(patch).map_err(|error| error.to_string())?;
        patch.apply(before).map_err(|errors| errors[0].message.clone())
    }

    fn excluded(reason: &str) -> Remarks {
        Remarks { excluded: Some(reason.to_owned()), ..Remarks::default() }
    }

    #[test]
    fn what_is_absent_stays_and_null_clears() {
        let before = Remarks { label: Some("a".to_owned()), note: Some("b".to_owned()), excluded: None };
        assert_eq!(apply(&before, json!({})), Ok(before.clone()));
        let cleared = Remarks { label: None, ..before.clone() };
        assert_eq!(apply(&before, json!({ "label": null })), Ok(cleared.clone()));
        assert_eq!(apply(&before, json!({ "label": " " })), Ok(cleared));
        let named = Remarks { note: Some("c".to_owned()), ..before.clone() };
        assert_eq!(apply(&before, json!({ "note": "c" })), Ok(named));
        assert!(apply(&before, json!({ "verdict": "valid" })).is_err());
    }

    #[test]
    fn who_excludes_says_why() {
        let none = Remarks::default();
        let said = excluded("a fan had failed");
        let patch = json!({ "excluded": true, "excluded_reason": "a fan had failed" });
        assert_eq!(apply(&none, patch), Ok(said.clone()));
        for patch in [
            json!({ "excluded": true }),
            json!({ "excluded": true, "excluded_reason": null }),
            json!({ "excluded": true, "excluded_reason": " " }),
        ] {
            assert!(apply(&none, patch).unwrap_err().contains("the reason why"));
        }
        assert!(apply(&none, json!({ "excluded_reason": "x" })).unwrap_err().contains("only where"));
        assert!(
            apply(&said, json!({ "excluded": false, "excluded_reason": "x" }))
                .unwrap_err()
                .contains("only where")
        );
        assert!(apply(&said, json!({ "excluded_reason": null })).unwrap_err().contains("the reason why"));
        assert_eq!(apply(&said, json!({ "excluded": true })), Ok(said.clone()));
        assert_eq!(apply(&said, json!({ "excluded_reason": "x" })), Ok(excluded("x")));
        assert_eq!(apply(&said, json!({ "excluded": false })), Ok(none.clone()));
        assert_eq!(apply(&said, json!({ "excluded": false, "excluded_reason": null })), Ok(none));
    }

    #[test]
    fn the_record_has_old_and_new_values() {
        let before = Remarks { label: Some("a".to_owned()), ..Remarks::default() };
        let after = Remarks { label: Some("b".to_owned()), ..excluded("x") };
        assert_eq!(
            Value::Object(after.changes_from(&before)),
            json!({
                "label": { "before": "a", "after": "b" },
                "excluded": { "before": false, "after": true },
                "excluded_reason": { "before": null, "after": "x" },
            })
        );
        assert!(after.changes_from(&after).is_empty());
    }
}
