//! Our figure beside that of a well-known tool: in turn, seconds apart, and the tool first of all beside itself.

use std::time::{Duration, Instant};

use anyhow::Context;

use crate::figure::{Bound, Figure, Verdict, number};
use crate::stats::{Estimate, estimate, median};

/// The fewest with which the 95 % interval leaves out one stray pair at each end.
const PAIRS: usize = 9;
/// The fewest with which there is such an interval at all: it then runs from the smallest to the largest.
const FEWEST: usize = 6;
/// No further pair is begun after this, if there are enough.
const PATIENCE: Duration = Duration::from_secs(60);
/// Ratios that count as agreement.
const LOW: f64 = 0.9;
const HIGH: f64 = 1.1;

/// One comparison.
pub(crate) struct Comparison {
    pub(crate) name: String,
    pub(crate) tool: &'static str,
    /// Unit of what both yield.
    pub(crate) unit: &'static str,
}

impl Comparison {
    /// Takes tool, ours, tool, again and again. Ours is held against the geometric mean of the tool's figures before and
    /// after it, so that a steady drift does not count; those two against each other show how well this machine can tell.
    pub(crate) fn take(
        &self,
        mut tool: impl FnMut() -> anyhow::Result<f64>,
        mut ours: impl FnMut() -> anyhow::Result<f64>,
    ) -> anyhow::Result<Figure> {
        let (mut ratios, mut own, mut values) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
        let begun = Instant::now();
        while ratios.len() < PAIRS && (ratios.len() < FEWEST || begun.elapsed() < PATIENCE) {
            let (before, measured, after) = (tool()?, ours()?, tool()?);
            for figure in [before, measured, after] {
                anyhow::ensure!(figure.is_finite() && figure > 0.0, "{}: a figure of {figure}", self.name);
            }
            ratios.push(measured / (before * after).sqrt());
            own.push(after / before);
            values.0.push((before * after).sqrt());
            values.1.push(measured);
        }
        let ratio = estimate(&ratios).context("no pairs")?;
        let own = estimate(&own).context("no pairs")?;
        let detail = format!(
            "{} pairs, 95 %: {}; {} beside itself: {}; medians {} and {} {}",
            ratios.len(),
            range(ratio),
            self.tool,
            range(own),
            number(median(&values.1).context("no pairs")?),
            number(median(&values.0).context("no pairs")?),
            self.unit,
        );
        let mut figure =
            Figure::new(self.name.clone(), ratio.median, "×").bound(Bound::Within(LOW, HIGH)).detail(detail);
        if !decidable(own) {
            figure.verdict = Verdict::NotDecidableHere;
        }
        Ok(figure)
    }
}

/// Whether the tool agrees with itself as closely as it shall agree with us.
fn decidable(own: Estimate) -> bool {
    own.low >= LOW && own.high <= HIGH
}

fn range(estimate: Estimate) -> String {
    format!("{:.3} … {:.3}", estimate.low, estimate.high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(tool: &[f64], ours: f64) -> Figure {
        let mut tool = tool.iter().copied().cycle();
        let comparison = Comparison { name: "prime".to_owned(), tool: "sysbench", unit: "events/s" };
        comparison.take(|| Ok(tool.next().unwrap()), || Ok(ours)).unwrap()
    }

    #[test]
    fn agreement_is_within_ten_percent() {
        assert_eq!(compare(&[1000.0], 1090.0).verdict, Verdict::Met);
        assert_eq!(compare(&[1000.0], 1110.0).verdict, Verdict::Missed);
        let drifting = compare(&[1000.0, 1040.0], 1020.0);
        assert_eq!(drifting.verdict, Verdict::Met);
        assert!(drifting.detail.contains("sysbench beside itself: 1.040 … 1.040"), "{}", drifting.detail);
    }

    #[test]
    fn a_tool_that_disagrees_with_itself_decides_nothing() {
        let figure = compare(&[1000.0, 1200.0], 1095.0);
        assert_eq!(figure.verdict, Verdict::NotDecidableHere);
        assert!(figure.detail.contains("1.200 … 1.200"), "{}", figure.detail);
    }

    #[test]
    fn a_figure_of_zero_is_an_error() {
        let comparison = Comparison { name: "x".to_owned(), tool: "fio", unit: "IOPS" };
        assert!(comparison.take(|| Ok(0.0), || Ok(1.0)).is_err());
    }
}
