//! The logarithmic axis that all rails of a table share: a ratio is a distance.

/// From one 1-3-10 step to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    first: Step,
    last: Step,
}

/// A mark of the axis: an even step is a power of ten, an odd one three times that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step(i32);

/// Smaller values stand at the left end: a logarithm has no place for zero.
const SMALLEST: f64 = 1e-3;
const LARGEST: f64 = 1e12;

impl Step {
    fn value(self) -> f64 {
        let power = 10_f64.powi(self.0.div_euclid(2));
        if self.0.rem_euclid(2) == 0 { power } else { 3.0 * power }
    }

    /// The largest step that is at most `value`.
    fn at_most(value: f64) -> Self {
        let value = value.clamp(SMALLEST, LARGEST);
        let power = value.log10().floor() as i32;
        // One step up and down again, since the logarithm of a power of ten may fall short of a whole number.
        let mut step = Self(2 * power + 3);
        while step.value() > value {
            step = Self(step.0 - 1);
        }
        step
    }
}

impl Axis {
    /// The axis for these values: from the step below the smallest to the one above the largest.
    pub(crate) fn over(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (100.0, 100.0);
        }
        let (mut first, mut last) = (Step::at_most(low), Step::at_most(high));
        if first.value() >= low {
            first = Step(first.0 - 1);
        }
        if last.value() <= high {
            last = Step(last.0 + 1);
        }
        Self { first, last }
    }

    /// Where a value stands, in percent of the width, to one decimal.
    pub(crate) fn position(self, value: f64) -> f64 {
        let (low, high) = (self.first.value().log10(), self.last.value().log10());
        let share = (value.max(SMALLEST).log10() - low) / (high - low);
        (share.clamp(0.0, 1.0) * 1_000.0).round() / 10.0
    }

    /// Where 100 stands, if it lies on the axis.
    pub(crate) fn reference(self) -> Option<f64> {
        (self.first.value() < 100.0 && self.last.value() > 100.0).then(|| self.position(100.0))
    }

    /// The steps to label, at most five: all of them, or the powers of ten.
    pub(crate) fn labels(self) -> Vec<f64> {
        let steps = (self.first.0..=self.last.0).map(Step);
        let many = self.last.0 - self.first.0 >= 5;
        steps.filter(|step| !many || step.0.rem_euclid(2) == 0).map(Step::value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    #[test]
    fn the_axis_reaches_from_the_step_below_to_the_step_above() {
        for (values, labels) in [
            (vec![6.0, 640.0], vec![10.0, 100.0, 1000.0]),
            (vec![6.0, 6_000.0], vec![10.0, 100.0, 1_000.0, 10_000.0]),
            (vec![80.0, 120.0], vec![30.0, 100.0, 300.0]),
            (vec![100.0], vec![30.0, 100.0, 300.0]),
            (vec![], vec![30.0, 100.0, 300.0]),
        ] {
            assert_eq!(Axis::over(values.clone()).labels(), labels, "{values:?}");
        }
    }

    #[test]
    fn equal_ratios_are_equal_distances() {
        let axis = Axis::over([6.0, 640.0]);
        let step = axis.position(20.0) - axis.position(10.0);
        assert!((axis.position(200.0) - axis.position(100.0) - step).abs() < 0.11);
        assert_eq!(axis.position(0.0), 0.0);
        assert_eq!(axis.position(1e9), 100.0);
    }

    #[test]
    fn the_reference_is_marked_only_where_it_lies_on_the_axis() {
        assert!(Axis::over([6.0, 20.0]).reference().is_none());
        assert_eq!(Axis::over([80.0, 120.0]).reference(), Some(52.3));
    }

    #[test]
    fn extreme_values_do_not_break_it() {
        for value in [0.0, 1e-300, 1e300] {
            let axis = Axis::over([value]);
            assert!((0.0..=100.0).contains(&axis.position(value)), "{value}");
        }
    }
}
