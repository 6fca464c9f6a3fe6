//! The dashboard as text: from the machines as they stand to what the template prints.

use askama::Template;
use fluent::FluentValue;
use report::{Component, Timestamp};

use super::filter::Filter;
use super::others::Other;
use super::rows::{Row, Scales};
use super::title::title;
use super::waiting::Waiting;
use crate::domain::ranking::{Ranking, ranks};
use crate::web::axis::Axis;
use crate::web::command::Command;
use crate::web::figure::Figure;
use crate::web::frame::{Choice, Frame};
use crate::web::kind::Kind;
use crate::web::numbers;
use crate::web::rail::{AxisHead, component_name};
use crate::web::visitor::Visitor;
use crate::web::words::Words;

/// Rows of one page of the ranking.
pub(crate) const PAGE_SIZE: u32 = 50;

/// The page `/`.
#[derive(Template)]
#[template(path = "dashboard.html")]
pub(crate) struct Dashboard {
    frame: Frame,
    title: String,
    summary: Option<String>,
    attention: Option<String>,
    is_empty: bool,
    command: Command,
    kind: Option<&'static str>,
    tabs: Vec<Choice>,
    orders: Vec<Choice>,
    figure_head: String,
    part_heads: Vec<Choice>,
    axis: AxisHead,
    rows: Vec<Row>,
    has_trend: bool,
    pager: Option<Pager>,
    waiting: Option<Waiting>,
    others: Vec<Other>,
}

/// Links to the neighbouring pages of a long list.
struct Pager {
    text: String,
    previous: Option<String>,
    next: Option<String>,
}

impl Dashboard {
    /// Puts the page together; `base` is the address under which machines reach this server.
    pub(crate) fn new(
        visitor: &Visitor,
        filter: Filter,
        ranking: &Ranking,
        base: &str,
        now: Timestamp,
    ) -> Self {
        let words = visitor.words();
        let title = match filter.page {
            0 => title(words, ranking, filter.by),
            _ => words.with("title-page", &span(words, filter, ranking)),
        };
        let scales = scales(words, filter, ranking, now);
        let rows = rows(&scales, filter, ranking);
        Self {
            frame: Frame::new(visitor, &title),
            title,
            summary: (ranking.devices > 0).then(|| summary(words, ranking)),
            attention: (ranking.attention > 0).then(|| words.count("need-attention", ranking.attention)),
            is_empty: ranking.devices == 0,
            command: Command::new(base, None),
            kind: filter.kind.map(Kind::as_str),
            tabs: tabs(words, filter),
            orders: orders(words, filter),
            figure_head: filter.by.map_or_else(|| words.t("score"), |by| component_name(words, by)),
            part_heads: part_heads(words, filter),
            axis: AxisHead::new(words, scales.axis),
            has_trend: rows.iter().any(|row| row.trend.is_some()),
            rows,
            pager: Pager::new(words, filter, ranking),
            waiting: Waiting::new(words, ranking, filter.by),
            others: others(&scales, ranking),
        }
    }
}

fn scales<'a>(words: &'a Words, filter: Filter, ranking: &Ranking, now: Timestamp) -> Scales<'a> {
    let ranked = ranking.ranked.iter().filter_map(|standing| standing.figure(filter.by));
    let parts = ranking.ranked.iter().flat_map(|standing| standing.components.values());
    let reach = |figures: Vec<&Figure>, whole: &[f64]| {
        let page = figures.into_iter().flat_map(Figure::extent);
        Axis::over(page.chain(whole.iter().copied()))
    };
    Scales {
        words,
        now,
        by: filter.by,
        axis: reach(ranked.collect(), &ranking.extent.ranked),
        parts_axis: reach(parts.collect(), &ranking.extent.components),
    }
}

fn rows(scales: &Scales<'_>, filter: Filter, ranking: &Ranking) -> Vec<Row> {
    let figures: Vec<&Figure> = ranking.ranked.iter().filter_map(|s| s.figure(filter.by)).collect();
    let first = u64::from(filter.page) * u64::from(PAGE_SIZE) + 1;
    let standings = ranking.ranked.iter().filter(|standing| standing.figure(filter.by).is_some());
    standings.zip(ranks(&figures, first)).filter_map(|(standing, rank)| scales.row(standing, rank)).collect()
}

fn others(scales: &Scales<'_>, ranking: &Ranking) -> Vec<Other> {
    let total = |basis: &String| ranking.others_totals.get(basis).copied().unwrap_or(0);
    ranking.others.iter().map(|(basis, best)| Other::new(scales, basis, best, total(basis))).collect()
}

fn summary(words: &Words, ranking: &Ranking) -> String {
    format!(
        "{} · {}",
        words.count("machines", ranking.devices),
        words.count("benchmarks", ranking.benchmarks)
    )
}

fn tabs(words: &Words, filter: Filter) -> Vec<Choice> {
    let tab = |kind: Option<Kind>| Choice {
        value: kind.map_or("", Kind::as_str),
        label: words.t(&format!("kind-{}", kind.map_or("all", Kind::as_str))),
        link: Filter { kind, page: 0, ..filter }.link(),
        current: kind == filter.kind,
    };
    std::iter::once(None).chain(Kind::ALL.map(Some)).map(tab).collect()
}

fn orders(words: &Words, filter: Filter) -> Vec<Choice> {
    let order = |by: Option<Component>| Choice {
        value: by.map_or("score", Component::as_str),
        label: by.map_or_else(|| words.t("score"), |by| component_name(words, by)),
        link: String::new(),
        current: by == filter.by,
    };
    std::iter::once(None).chain(Component::ALL.map(Some)).map(order).collect()
}

fn part_heads(words: &Words, filter: Filter) -> Vec<Choice> {
    let head = |component: Component| Choice {
        value: component.as_str(),
        label: words.t(&format!("short-{component}")),
        link: String::new(),
        current: filter.by == Some(component),
    };
    Component::ALL.map(head).into()
}

impl Pager {
    fn new(words: &Words, filter: Filter, ranking: &Ranking) -> Option<Self> {
        let size = u64::from(PAGE_SIZE);
        if ranking.ranked_total <= size {
            return None;
        }
        let end = u64::from(filter.page) * size + ranking.ranked.len() as u64;
        let page = |page| Filter { page, ..filter }.link();
        Some(Self {
            text: words.with("pager", &span(words, filter, ranking)),
            previous: filter.page.checked_sub(1).map(page),
            next: (end < ranking.ranked_total).then(|| page(filter.page + 1)),
        })
    }
}

/// From which place to which, of how many.
fn span(words: &Words, filter: Filter, ranking: &Ranking) -> [(&'static str, FluentValue<'static>); 3] {
    let start = u64::from(filter.page) * u64::from(PAGE_SIZE);
    let end = start + ranking.ranked.len() as u64;
    let written = |number| FluentValue::from(numbers::whole(words.language(), number));
    [("first", written(start + 1)), ("last", written(end)), ("total", written(ranking.ranked_total))]
}
