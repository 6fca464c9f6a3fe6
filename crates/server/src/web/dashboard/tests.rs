//! The whole page from sample data, in both languages, and what must not break it.

use askama::Template;
use axum::http::{HeaderMap, Uri};
use report::Component;

use super::filter::Filter;
use super::sample::{figure, homelab, now, standing};
use super::view::Dashboard;
use crate::domain::ranking::Ranking;
use crate::web::kind::Kind;
use crate::web::samples::{assert_well_formed, readable};
use crate::web::visitor::Visitor;

fn render(address: &'static str, ranking: &Ranking) -> String {
    let visitor = Visitor::new(&Uri::from_static(address), &HeaderMap::new());
    let filter = Filter::of(&visitor.address);
    let page = Dashboard::new(&visitor, filter, ranking, "http://bench.lan:8007", now());
    let html = page.render().unwrap();
    assert_well_formed(&html);
    html
}

#[test]
fn a_homelab_in_english() {
    insta::assert_snapshot!(readable(&render("/", &homelab())));
}

#[test]
fn a_homelab_in_french() {
    insta::assert_snapshot!(readable(&render("/?lang=fr", &homelab())));
}

#[test]
fn an_empty_server_shows_only_how_to_begin() {
    let html = render("/", &Ranking::default());
    insta::assert_snapshot!(readable(&html));
    assert!(!html.contains("<table"), "{html}");
}

#[test]
fn nobody_ranked_says_so() {
    let html = render("/?kind=container", &Ranking { devices: 3, benchmarks: 1, ..Ranking::default() });
    assert!(html.contains("No machine is ranked yet"), "{html}");
    assert!(html.contains("No ranked machine of this kind."), "{html}");
}

#[test]
fn from_six_to_six_thousand_on_one_axis() {
    let ranked = vec![
        standing(1, "monster", Kind::BareMetal, [6_000.0; 5]),
        standing(2, "middle", Kind::BareMetal, [190.0; 5]),
        standing(3, "pi", Kind::SingleBoard, [6.0; 5]),
    ];
    let html = render("/", &Ranking { devices: 3, ranked_total: 3, ranked, ..Ranking::default() });
    // The axis runs from 3 to 10,000: 3.52 decades.
    assert!(html.contains(r#"class="tick" x1="93.7%""#), "{html}");
    assert!(html.contains(r#"class="tick" x1="8.5%""#), "{html}");
    assert!(html.contains("6,000"), "{html}");
}

#[test]
fn a_name_of_two_hundred_characters_stays_whole() {
    let name = "x".repeat(200);
    let ranked = vec![standing(1, &name, Kind::Vm, [50.0; 5])];
    let html = render("/", &Ranking { devices: 1, ranked_total: 1, ranked, ..Ranking::default() });
    assert!(html.contains(&format!("Fastest: {name}")), "{html}");
    assert!(html.contains(&format!("/devices/1-{}\"", "x".repeat(60))), "{html}");
}

#[test]
fn a_hostile_name_stays_text() {
    let ranked = vec![standing(1, "<script>alert(1)</script>", Kind::Vm, [50.0; 5])];
    let html = render("/", &Ranking { devices: 1, ranked_total: 1, ranked, ..Ranking::default() });
    assert!(!html.contains("<script>"), "{html}");
}

#[test]
fn all_suspect_is_said_for_each() {
    let mut ranking = homelab();
    for standing in &mut ranking.ranked {
        standing.global.as_mut().unwrap().suspect = true;
    }
    let html = render("/", &ranking);
    assert_eq!(html.matches("class=\"hollow suspect\"").count(), ranking.ranked.len());
}

#[test]
fn ranked_by_a_component_its_figure_leads() {
    let mut ranking = homelab();
    ranking.ranked.sort_by(|a, b| {
        b.components[&Component::Disk].value.total_cmp(&a.components[&Component::Disk].value)
    });
    let html = render("/?by=disk", &ranking);
    assert!(html.contains("<h1>Fastest disk: nas</h1>"), "{html}");
    assert!(html.contains("<b>210</b>"), "{html}");
}

#[test]
fn a_long_ranking_has_pages() {
    let ranked: Vec<_> =
        (1..=50).map(|n| standing(n, &format!("pc-{n}"), Kind::BareMetal, [90.0; 5])).collect();
    let ranking = Ranking { devices: 5_012, ranked_total: 5_012, ranked, ..Ranking::default() };
    let html = render("/?kind=bare_metal&page=2", &ranking);
    assert!(html.contains("51–100 of 5,012"), "{html}");
    assert!(html.contains(r#"rel="next" href="/?kind=bare_metal&#38;page=3""#), "{html}");
    assert!(html.contains(r#"rel="prev" href="/?kind=bare_metal""#), "{html}");
    assert!(html.len() < 100_000, "{} bytes", html.len());
}

#[test]
fn the_sentence_names_who_cannot_be_told_apart() {
    let mut ranking = homelab();
    ranking.ranked[1].global = ranking.ranked[0].global;
    assert!(render("/", &ranking).contains("<h1>Fastest: pve-1, tied with laptop</h1>"));
    ranking.ranked[0].global = Some(figure(900.0));
    assert!(render("/?lang=fr", &ranking).contains("<h1>La plus rapide\u{202f}: pve-1</h1>"));
}

#[test]
fn a_long_table_of_another_scale_says_how_many_more_there_are() {
    let mut ranking = homelab();
    ranking.others_totals.insert("client".to_owned(), 131);
    assert!(render("/", &ranking).contains("and 130 more"));
}
