//! A score as it stands: its value, its interval, and whether it is to be trusted.

/// A score, global or of one component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The score; the reference is 100.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// There is evidence against it.
    pub suspect: bool,
}

impl Figure {
    /// Both ends of the interval.
    pub fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low?, self.high?))
    }

    /// Everything an axis must reach: the value and both ends.
    pub fn extent(&self) -> [f64; 3] {
        [self.value, self.low.unwrap_or(self.value), self.high.unwrap_or(self.value)]
    }

    /// The intervals have values in common: a tie. Without an interval, the value alone.
    pub fn overlaps(&self, other: &Self) -> bool {
        let [_, low, high] = self.extent();
        let [_, other_low, other_high] = other.extent();
        low <= other_high && other_low <= high
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn a_tie_is_an_overlap() {
        let figure =
            |value, half| Figure { value, low: Some(value - half), high: Some(value + half), suspect: false };
        assert!(figure(118.0, 3.0).overlaps(&figure(114.0, 2.0)));
        assert!(!figure(118.0, 1.0).overlaps(&figure(114.0, 2.0)));
        let bare = Figure { value: 118.0, low: None, high: None, suspect: false };
        assert!(bare.overlaps(&bare));
    }
}
