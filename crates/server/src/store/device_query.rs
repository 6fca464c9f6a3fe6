//! Which devices, as SQL.

use super::paging::{Filter, KeyKind, Sort};
use super::value::Value;
use crate::domain::device_query::{DeviceQuery, DeviceSort};
use crate::domain::fold::fold;
use crate::domain::paging::Total;

/// Where a pattern stands, and what makes its signs text.
const LIKE: &str = r" like ? escape '\'";

/// The conditions on `devices d`.
pub(super) fn filter(query: &DeviceQuery) -> Filter {
    let DeviceQuery { words, tags, kind, status, location, model, sort: _, descending: _, public } = query;
    let mut filter = searched(words, *public);
    for tag in tags {
        let tagged = "d.id in (select t.device_id from device_tags t where t.tag_key = ?)";
        filter = filter.and(tagged, [tag.as_str().into()]);
    }
    let model = model.as_ref().map(|model| [Value::from(fold(model)), model.as_str().into()]);
    let filter = match model {
        Some(model) => filter.and("(d.model_key = ? or d.model = ?)", model),
        None => filter,
    };
    filter
        .and_if("d.effective_kind = ?", kind.map(report::DeviceKind::as_str))
        .and_if("d.status = ?", status.map(crate::domain::typed::Status::as_str))
        .and_if("d.location = ?", location.as_deref())
}

/// More than that are not looked up one by one.
const FEW: usize = 256;

/// What a search found: reading the texts from end to end is most of its work, and is done once.
pub(super) struct Found {
    /// The conditions on `devices d`, of the whole query.
    pub(super) filter: Filter,
    /// How many fit the whole query, where that is known by now.
    pub(super) total: Option<Total>,
}

impl Found {
    /// The statement that finds devices by what was searched for; its column is their ids. Nothing, where nothing was, or by
    /// somebody who does not see all of the texts.
    pub(super) fn question(query: &DeviceQuery) -> Option<(String, Vec<Value>)> {
        if query.words.is_empty() || query.public {
            return None;
        }
        let (each, values) = texts(&query.words);
        let each = Filter::default().and(&each, values);
        let limit = Total::COUNTED + 1;
        Some(each.statement(&format!("select q.device_id from device_search q where true{{}} limit {limit}")))
    }

    /// From its answer.
    pub(super) fn of(query: &DeviceQuery, ids: &[i64]) -> Self {
        let rest = DeviceQuery { words: Vec::new(), ..query.clone() };
        let only_words =
            rest == DeviceQuery { sort: query.sort, descending: query.descending, ..DeviceQuery::default() };
        let total = (only_words || ids.is_empty()).then(|| Total::of(ids.len() as u64));
        let filter = match (ids.last(), only_words) {
            (Some(last), _) if ids.len() <= FEW => {
                // A statement for some lengths only, so that they stay prepared.
                let places = [1, 4, 16, 64, FEW].into_iter().find(|places| *places >= ids.len());
                let places = places.unwrap_or(FEW);
                let listed = ids.iter().chain(std::iter::repeat(last)).take(places);
                let marks = vec!["?"; places].join(", ");
                filter(&rest).and(&format!("d.id in ({marks})"), listed.map(|id| (*id).into()))
            }
            // So many that the list, walked in its order, soon comes to a part of them.
            (Some(_), true) => {
                let (each, values) = texts(&query.words);
                let has = "exists (select 1 from device_search q where q.device_id = d.id and";
                Filter::default().and(&format!("{has} {each})"), values)
            }
            _ => filter(query),
        };
        Self { filter, total }
    }
}

/// The texts are read once from end to end: no index leads to the middle of a word. Locations and serial numbers are among
/// them, so that those who may not see these search in names, models and tags only.
fn searched(words: &[String], public: bool) -> Filter {
    let mut filter = Filter::default();
    if words.is_empty() {
        return filter;
    }
    if public {
        for word in words.iter().map(|word| Value::from(anywhere(word))) {
            let parts = format!(
                "(d.name_key{LIKE} or d.model_key{LIKE} or exists \
                 (select 1 from device_tags t where t.device_id = d.id and t.tag_key{LIKE}))"
            );
            filter = filter.and(&parts, [word.clone(), word.clone(), word]);
        }
        return filter;
    }
    let (each, found) = texts(words);
    // With the sign no index of the id is taken: the list is walked in its order until the part is full, and each device
    // looked up among those found.
    filter.and(&format!("+d.id in (select q.device_id from device_search q where {each})"), found)
}

/// The condition on a text of `device_search q`, with its values.
fn texts(words: &[String]) -> (String, Vec<Value>) {
    let each = vec![format!("q.search_text{LIKE}"); words.len()].join(" and ");
    (each, words.iter().map(|word| anywhere(word).into()).collect())
}

/// The pattern that finds a text anywhere; in the text itself nothing is special.
fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The order.
pub(super) fn sort(query: &DeviceQuery) -> Sort {
    let (key, kind) = match query.sort {
        DeviceSort::Name => ("d.name_key", KeyKind::Text),
        DeviceSort::DeviceIdentifier => ("d.device_identifier", KeyKind::Text),
        DeviceSort::Kind => ("d.effective_kind", KeyKind::Text),
        DeviceSort::Status => ("d.status", KeyKind::Text),
        DeviceSort::Location => ("d.location", KeyKind::Text),
        // What `score_key` holds, out of an index that is there: rows are wide, and one of it would cost every report.
        DeviceSort::Score => ("coalesce(d.global_score, -1)", KeyKind::Real),
        DeviceSort::LastBenchmarkAt => ("d.last_benchmark_at", KeyKind::Int),
        DeviceSort::CreatedAt => ("d.created_at", KeyKind::Int),
        DeviceSort::UpdatedAt => ("d.updated_at", KeyKind::Int),
    };
    Sort { key, kind, id: "d.id", descending: query.descending }
}

#[cfg(test)]
mod tests {
    use super::anywhere;

    #[test]
    fn what_is_special_in_a_pattern_is_only_text() {
        assert_eq!(anywhere("50%_a\\"), r"%50\%\_a\\%");
    }
}
