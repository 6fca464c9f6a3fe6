//! The first line of the dashboard: the sentence that answers which machine is best.

use report::Component;

use crate::domain::ranking::{RankedDevice, Ranking};
use crate::web::words::Words;

/// `Fastest: pve-1`, and whoever cannot be told apart from it.
pub(super) fn title(words: &Words, ranking: &Ranking, by: Option<Component>) -> String {
    let Some(first) = ranking.ranked.first() else {
        return words.t(if ranking.devices == 0 { "title-empty" } else { "title-none" });
    };
    let name = ("name", first.name.as_str().into());
    if let Some(component) = by {
        return words.with(&format!("title-fastest-{component}"), &[name]);
    }
    let ties: Vec<&RankedDevice> = ranking.ranked[1..].iter().take_while(|other| tie(first, other)).collect();
    match ties.as_slice() {
        [] => words.with("title-fastest", &[name]),
        [other] => words.with("title-fastest-tie", &[name, ("other", other.name.as_str().into())]),
        more => words.with("title-fastest-ties", &[name, ("count", more.len().to_string().into())]),
    }
}

fn tie(first: &RankedDevice, other: &RankedDevice) -> bool {
    match (&first.global, &other.global) {
        (Some(first), Some(other)) => first.overlaps(other),
        _ => false,
    }
}
