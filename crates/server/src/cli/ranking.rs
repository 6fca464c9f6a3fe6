//! `benchtools-server ranking`

use std::process::ExitCode;

use anyhow::Context;
use report::Component;

use crate::config::Config;
use crate::domain::figure::Figure;
use crate::domain::ranking::{RankedDevice, Ranking, RankingQuery, ranks};
use crate::store::Store;

/// Rows of the ranking, and of what is not ranked yet, at most.
const ROWS: u32 = 500;

/// Prints the ranking, for a terminal.
pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    super::database_must_exist(&config.database)?;
    let ranking = super::block_on(async {
        let opened = Store::open(&config.database, config.database_patience).await;
        let store = opened.with_context(|| format!("cannot open the database {}", config.database))?;
        let ranking = store.ranking(RankingQuery { limit: ROWS, ..RankingQuery::default() }).await;
        store.close().await;
        anyhow::Ok(ranking?)
    })??;
    print!("{}", table(&ranking));
    Ok(ExitCode::SUCCESS)
}

fn table(ranking: &Ranking) -> String {
    let scored = || ranking.ranked.iter().filter_map(|device| Some((device, device.figure(None)?)));
    let figures: Vec<&Figure> = scored().map(|(_, figure)| figure).collect();
    let ranked = scored().zip(ranks(&figures, 1)).map(|((device, _), rank)| row(&rank, device));
    let waiting = ranking.waiting.iter().map(|device| row("–", device));
    let heading = ["#", "machine", "score", "components", "CPU", "memory", "disk", "network", "GPU"];
    let mut rows = vec![heading.map(str::to_owned)];
    rows.extend(ranked.chain(waiting));
    let mut text = super::table(&rows, &[0, 2, 3, 4, 5, 6, 7, 8]);
    if ranking.devices == 0 {
        text.push_str("No machine has sent a report yet.\n");
    } else if !ranking.waiting.is_empty() {
        text.push_str("–: not ranked yet, less than half of the weight was measured\n");
    }
    text
}

fn row(place: &str, device: &RankedDevice) -> [String; 9] {
    let [cpu, memory, disk, network, gpu] =
        Component::ALL.map(|component| device.components.get(&component).map_or("–".to_owned(), score));
    let global = device.global.as_ref().map_or("–".to_owned(), |figure| {
        let half = figure.interval().map(|(low, high)| format!(" ± {}", rounded((high - low) / 2.0)));
        format!("{}{}", score(figure), half.unwrap_or_default())
    });
    let measured = format!("{} of {}", device.components.len(), Component::ALL.len());
    [place.to_owned(), device.name.clone(), global, measured, cpu, memory, disk, network, gpu]
}

/// A suspect score bears the mark of the pages.
fn score(figure: &Figure) -> String {
    format!("{}{}", rounded(figure.value), if figure.suspect { "?" } else { "" })
}

/// Whole, or in short where its digits would fill the line.
fn rounded(number: f64) -> String {
    if number.abs() < 1e9 { format!("{number:.0}") } else { format!("{number:.1e}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::sample::standing;
    use report::DeviceKind;

    #[test]
    fn it_lists_places_scores_and_what_waits() {
        let ranking = Ranking {
            devices: 2,
            ranked: vec![standing(
                1,
                "workstation",
                DeviceKind::BareMetal,
                [150.0, 120.0, 110.0, 100.0, 90.0],
            )],
            waiting: vec![standing(2, "thin", DeviceKind::SingleBoard, [50.0, 0.0, 0.0, 0.0, 0.0])],
            ..Ranking::default()
        };
        insta::assert_snapshot!(table(&ranking), @"
        #  machine        score  components  CPU  memory  disk  network  GPU
        1  workstation  114 ± 3      5 of 5  150     120   110      100   90
        –  thin               –      1 of 5   50       –     –        –    –
        –: not ranked yet, less than half of the weight was measured
        ");
    }

    #[test]
    fn equal_machines_share_a_rank_as_on_the_page() {
        let scores = [150.0, 120.0, 110.0, 100.0, 90.0];
        let same = |id| standing(id, &format!("node-{id}"), DeviceKind::BareMetal, scores);
        let mut last = standing(9, "slow", DeviceKind::BareMetal, scores.map(|score| score / 3.0));
        last.global = Some(Figure { value: 38.0, low: None, high: None, suspect: false });
        let ranked = (1..=5).map(same).chain([last]).collect();
        let text = table(&Ranking { devices: 6, ranked, ..Ranking::default() });
        let places: Vec<&str> =
            text.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(places, ["1=", "1=", "1=", "1=", "1=", "6"], "{text}");
    }

    #[test]
    fn a_number_beyond_all_measure_does_not_fill_the_line() {
        assert_eq!((rounded(1e308).as_str(), rounded(-4.0).as_str()), ("1.0e308", "-4"));
    }
}
