//! Scores of another scale, each in a table of its own with its own axis.

use super::rows::{Row, Scales};
use crate::domain::ranking::RankedDevice;
use crate::web::axis::Axis;
use crate::web::figure::Figure;
use crate::web::rail::AxisHead;

/// A small table below the ranking.
pub(crate) struct Other {
    /// Id of its heading.
    pub(crate) id: String,
    /// Its heading.
    pub(crate) title: String,
    /// Why these are apart.
    pub(crate) hint: String,
    /// Its axis.
    pub(crate) axis: AxisHead,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    /// `and 12 more`.
    pub(crate) more: Option<String>,
}

/// How many rows such a table shows.
const MOST: usize = 20;

impl Other {
    /// The table of one scale, best first; `total` machines have it.
    pub(crate) fn new(shared: &Scales<'_>, basis: &str, standings: &[RankedDevice], total: u64) -> Self {
        let words = shared.words;
        let axis = Axis::over(standings.iter().filter_map(|s| s.global.as_ref()).flat_map(Figure::extent));
        let scales = Scales { words, now: shared.now, by: None, axis, parts_axis: axis };
        let rows = standings.iter().take(MOST).filter_map(|standing| scales.row(standing, String::new()));
        let (title, hint) = if basis == "client" {
            (words.t("other-client"), words.t("other-client-hint"))
        } else {
            (words.with("other-scale", &[("basis", basis.into())]), words.t("other-scale-hint"))
        };
        let more = total.saturating_sub(standings.len().min(MOST) as u64);
        Self {
            id: format!("scale-{basis}"),
            title,
            hint,
            axis: AxisHead::new(words, axis),
            rows: rows.collect(),
            more: (more > 0).then(|| words.count("and-more", more)),
        }
    }
}
