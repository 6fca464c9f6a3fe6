//! Two figures beside each other: how many times better one is, and whether the measurements can tell.

use crate::metric::Direction;

/// A figure with its 95 % interval, where it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The figure.
    pub value: f64,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// How many times as good as another a figure is: above 1 it is better, whichever way the metric goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The ratio of both figures.
    pub ratio: f64,
    /// Its 95 % interval, where both figures have one.
    pub interval: Option<(f64, f64)>,
}

/// What two figures say of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Better than the other.
    Faster,
    /// Worse than the other.
    Slower,
    /// The measurements do not tell them apart.
    NoDifference,
    /// They are not of one thing, or not to be trusted.
    NotComparable,
}

impl Ratio {
    /// How many times as good `this` is as `other`; `None` of figures that no ratio can be made of.
    ///
    /// The intervals of independent figures add as squares, in logarithms, as in the mean of a score.
    pub fn of(this: Value, other: Value, direction: Direction) -> Option<Self> {
        let (this, other) = match direction {
            Direction::Higher => (this, other),
            Direction::Lower => (other, this),
        };
        let log = this.log()? - other.log()?;
        let interval = this.distances().zip(other.distances()).map(|((a_down, a_up), (b_down, b_up))| {
            let (down, up) = (a_down.hypot(b_up), a_up.hypot(b_down));
            ((log - down).exp(), (log + up).exp())
        });
        let ratio = log.exp();
        let finite = |(low, high): &(f64, f64)| *low > 0.0 && high.is_finite();
        (ratio > 0.0 && ratio.is_finite()).then_some(Self { ratio, interval: interval.filter(finite) })
    }

    /// Whether the interval leaves out 1, which is "no difference"; `None` without an interval.
    pub fn relation(&self) -> Option<Relation> {
        let (low, high) = self.interval?;
        Some(match () {
            () if low > 1.0 => Relation::Faster,
            () if high < 1.0 => Relation::Slower,
            () => Relation::NoDifference,
        })
    }

    /// In words: `1.32 ± 0.05 times faster`; `None` without an interval.
    pub fn words(&self) -> Option<String> {
        let (low, high) = self.interval?;
        let relation = self.relation()?;
        let (ratio, low, high, word) = match relation {
            Relation::Faster => (self.ratio, low, high, "faster"),
            Relation::Slower => (1.0 / self.ratio, 1.0 / high, 1.0 / low, "slower"),
            Relation::NoDifference | Relation::NotComparable => {
                return Some("no difference that these measurements can show".to_owned());
            }
        };
        let half = (high - low) / 2.0;
        let decimals = (2..5).find(|decimals| half >= 0.5 * 0.1_f64.powi(*decimals)).unwrap_or(5);
        let decimals = usize::try_from(decimals).unwrap_or(2);
        Some(format!("{ratio:.decimals$} ± {half:.decimals$} times {word}"))
    }
}

impl Value {
    fn log(self) -> Option<f64> {
        (self.value > 0.0 && self.value.is_finite()).then(|| self.value.ln())
    }

    /// Down to the lower and up to the upper end, in logarithms.
    fn distances(self) -> Option<(f64, f64)> {
        let (low, high) = self.low.zip(self.high)?;
        let middle = self.log()?;
        let ends = ((middle - low.ln()).max(0.0), (high.ln() - middle).max(0.0));
        (low > 0.0 && ends.0.is_finite() && ends.1.is_finite()).then_some(ends)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(value: f64, half: f64) -> Value {
        Value { value, low: Some(value - half), high: Some(value + half) }
    }

    fn words(this: Value, other: Value, direction: Direction) -> String {
        Ratio::of(this, other, direction).unwrap().words().unwrap()
    }

    #[test]
    fn in_words() {
        let (fast, slow) = (figure(132.0, 4.0), figure(100.0, 3.0));
        assert_eq!(words(fast, slow, Direction::Higher), "1.32 ± 0.06 times faster");
        assert_eq!(words(slow, fast, Direction::Higher), "1.32 ± 0.06 times slower");
        assert_eq!(words(fast, slow, Direction::Lower), "1.32 ± 0.06 times slower");
        assert_eq!(
            words(fast, figure(130.0, 1.0), Direction::Higher),
            "no difference that these measurements can show"
        );
        let exact = figure(100.0, 0.01);
        assert_eq!(words(figure(100.1, 0.01), exact, Direction::Higher), "1.0010 ± 0.0001 times faster");
        assert_eq!(
            words(figure(200.0, 0.0), figure(100.0, 0.0), Direction::Higher),
            "2.00000 ± 0.00000 times faster"
        );
    }

    #[test]
    fn without_an_interval_nothing_can_be_told() {
        let bare = Value { value: 2.0, low: None, high: None };
        let ratio = Ratio::of(bare, figure(1.0, 0.1), Direction::Higher).unwrap();
        assert_eq!((ratio.ratio, ratio.relation(), ratio.words()), (2.0, None, None));
        let zero = Value { value: 0.0, ..bare };
        assert_eq!(Ratio::of(zero, bare, Direction::Higher), None);
        assert_eq!(Ratio::of(bare, zero, Direction::Lower), None);
    }

    prop_compose! {
        fn any_figure()(value in 1e-3..1e9_f64, down in 0.0..0.5_f64, up in 0.0..0.5_f64) -> Value {
            Value { value, low: Some(value * (1.0 - down)), high: Some(value * (1.0 + up)) }
        }
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
    }

    proptest! {
        #[test]
        fn turned_round_the_ratio_is_inverted(a in any_figure(), b in any_figure()) {
            for direction in [Direction::Higher, Direction::Lower] {
                let (one, other) = (Ratio::of(a, b, direction).unwrap(), Ratio::of(b, a, direction).unwrap());
                let ((low, high), (other_low, other_high)) = (one.interval.unwrap(), other.interval.unwrap());
                prop_assert!(near(one.ratio, 1.0 / other.ratio));
                prop_assert!(near(low, 1.0 / other_high) && near(high, 1.0 / other_low));
            }
        }

        #[test]
        fn the_other_direction_is_the_other_way_round(a in any_figure(), b in any_figure()) {
            prop_assert_eq!(Ratio::of(a, b, Direction::Higher), Ratio::of(b, a, Direction::Lower));
        }

        #[test]
        fn the_interval_holds_the_ratio(a in any_figure(), b in any_figure()) {
            let ratio = Ratio::of(a, b, Direction::Higher).unwrap();
            let (low, high) = ratio.interval.unwrap();
            prop_assert!(low <= ratio.ratio * (1.0 + 1e-12) && ratio.ratio <= high * (1.0 + 1e-12));
        }

        #[test]
        fn nothing_differs_from_itself_and_units_do_not_matter(a in any_figure(), b in any_figure(), unit in 1e-3..1e3_f64) {
            let same = Ratio::of(a, a, Direction::Higher).unwrap();
            prop_assert_eq!(same.relation(), Some(Relation::NoDifference));
            let scaled = |figure: Value| Value {
                value: figure.value * unit,
                low: figure.low.map(|low| low * unit),
                high: figure.high.map(|high| high * unit),
            };
            let (plain, other) = (Ratio::of(a, b, Direction::Higher).unwrap(),
                Ratio::of(scaled(a), scaled(b), Direction::Higher).unwrap());
            prop_assert!(near(plain.ratio, other.ratio));
        }

        #[test]
        fn a_difference_is_one_where_the_intervals_lie_apart(a in any_figure(), b in any_figure()) {
            let relation = Ratio::of(a, b, Direction::Higher).unwrap().relation().unwrap();
            if a.low > b.high { prop_assert_eq!(relation, Relation::Faster); }
            if a.high < b.low { prop_assert_eq!(relation, Relation::Slower); }
        }
    }
}
