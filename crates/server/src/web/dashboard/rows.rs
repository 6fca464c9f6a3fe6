//! The rows of the ranking, as text.

use report::{Component, Timestamp};

use crate::domain::ranking::RankedDevice;
use crate::web::axis::Axis;
use crate::web::coverage::Coverage;
use crate::web::device_link::device_link;
use crate::web::figure;
use crate::web::kind::chip;
use crate::web::last::Last;
use crate::web::rail::{Rail, SmallRail};
use crate::web::trend::Trend;
use crate::web::words::Words;

/// One machine in the ranking.
pub(crate) struct Row {
    /// `3`, or `3=` in a tie.
    pub(crate) rank: String,
    /// The machine's page.
    pub(crate) link: String,
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
    /// Its model, or the host that it runs on.
    pub(crate) below: Option<String>,
    /// The figure that is ranked by.
    pub(crate) score: String,
    /// `± 3`.
    pub(crate) plus_minus: Option<String>,
    /// How much was measured.
    pub(crate) coverage: Coverage,
    /// The figure as a drawing.
    pub(crate) rail: Rail,
    /// The five components.
    pub(crate) parts: Vec<Part>,
    /// The last scores.
    pub(crate) trend: Option<Trend>,
    /// The last benchmark.
    pub(crate) last: LastCell,
}

/// A component's cell.
pub(crate) struct Part {
    /// Its short name, for narrow screens.
    pub(crate) label: String,
    /// The score, or a dash.
    pub(crate) text: String,
    /// The score as a drawing.
    pub(crate) rail: Option<SmallRail>,
}

/// The last benchmark, or nothing where there is none.
pub(crate) type LastCell = MaybeCell<Last>;

/// A cell that may be empty.
pub(crate) struct MaybeCell<T>(pub(crate) Option<T>);

impl<T: std::fmt::Display> std::fmt::Display for MaybeCell<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_ref().map_or(Ok(()), |cell| cell.fmt(f))
    }
}

/// What all rows of a table share.
pub(crate) struct Scales<'a> {
    /// The words.
    pub(crate) words: &'a Words,
    /// This moment.
    pub(crate) now: Timestamp,
    /// The component that is ranked by.
    pub(crate) by: Option<Component>,
    /// The axis of the large rails.
    pub(crate) axis: Axis,
    /// The axis of the small ones.
    pub(crate) parts_axis: Axis,
}

impl Scales<'_> {
    /// The row of a machine; none without the figure that is ranked by.
    pub(crate) fn row(&self, standing: &RankedDevice, rank: String) -> Option<Row> {
        let words = self.words;
        let figure = standing.figure(self.by)?;
        let host = standing.host.as_deref().map(|host| words.with("on-host", &[("host", host.into())]));
        Some(Row {
            rank,
            link: device_link(standing.device_id, &standing.name),
            name: standing.name.clone(),
            kind: chip(words, standing.kind),
            below: host.or_else(|| standing.model.clone()),
            score: figure::text(words, figure),
            plus_minus: figure::plus_minus(words, figure),
            coverage: Coverage::new(words, |component| standing.components.contains_key(&component)),
            rail: Rail::new(words, self.axis, &standing.name, figure),
            parts: Component::ALL.map(|component| self.part(standing, component)).into(),
            trend: Trend::new(words, &standing.recent),
            last: self.last(standing),
        })
    }

    fn part(&self, standing: &RankedDevice, component: Component) -> Part {
        let label = self.words.t(&format!("phone-{component}"));
        match standing.components.get(&component) {
            Some(figure) => Part {
                label,
                text: figure::text(self.words, figure),
                rail: Some(SmallRail::new(self.parts_axis, figure)),
            },
            None => Part { label, text: "–".to_owned(), rail: None },
        }
    }

    fn last(&self, standing: &RankedDevice) -> LastCell {
        MaybeCell(
            standing
                .last
                .as_ref()
                .map(|last| Last::new(self.words, self.now, last.at, (last.verdict, last.reason.as_deref()))),
        )
    }
}
