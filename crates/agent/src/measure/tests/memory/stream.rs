//! STREAM's kernels, a slice of the arrays at a time.
//!
//! A sample is as many slices as its window holds, and the next one goes on where it ended: so all of the
//! arrays are walked through in turn, and a slice is in no cache any more when it comes round again.

use std::time::Instant;

use super::super::super::lap::Work;

/// What is computed; `q` is 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// c = a
    Copy,
    /// b = q c
    Scale,
    /// c = a + b
    Add,
    /// a = b + q c
    Triad,
}

impl Kernel {
    /// Arrays that it reads or writes: STREAM counts each once.
    fn arrays(self) -> usize {
        match self {
            Self::Copy | Self::Scale => 2,
            Self::Add | Self::Triad => 3,
        }
    }
}

const Q: f64 = 3.0;
/// Elements of one array between two looks at the clock: 1 MiB.
const SLICE: usize = (1 << 20) / size_of::<f64>();
/// One element in so many is checked: less than a page's worth apart, and elsewhere in each page.
const CHECKED: usize = 509;

/// One thread's part of the three arrays.
#[derive(Default)]
pub(super) struct Part {
    a: Vec<f64>,
    b: Vec<f64>,
    c: Vec<f64>,
}

impl Part {
    /// Arrays of so many elements, touched first by the calling thread, so that they lie in the memory near to
    /// it. What a machine hands out too slowly to be there at `latest` is left out, but for one slice.
    pub(super) fn touched(elements: usize, latest: Instant) -> Self {
        let mut part = Self::default();
        let Self { a, b, c } = &mut part;
        if [&mut *a, &mut *b, &mut *c].into_iter().any(|array| array.try_reserve_exact(elements).is_err()) {
            return Self::default();
        }
        while a.len() < elements && (a.is_empty() || Instant::now() < latest) {
            let length = (a.len() + SLICE).min(elements);
            a.resize(length, 1.0);
            b.resize(length, 2.0);
            c.resize(length, 0.5);
        }
        part
    }

    /// Bytes of one of the arrays.
    pub(super) fn bytes(&self) -> u64 {
        (self.a.len() * size_of::<f64>()) as u64
    }

    fn compute(&mut self, kernel: Kernel, from: usize, to: usize) {
        let (a, b, c) = (&mut self.a[from..to], &mut self.b[from..to], &mut self.c[from..to]);
        match kernel {
            Kernel::Copy => c.copy_from_slice(a),
            Kernel::Scale => b.iter_mut().zip(&*c).for_each(|(b, c)| *b = Q * c),
            Kernel::Add => c.iter_mut().zip(&*a).zip(&*b).for_each(|((c, a), b)| *c = a + b),
            Kernel::Triad => a.iter_mut().zip(&*b).zip(&*c).for_each(|((a, b), c)| *a = b + Q * c),
        }
    }

    /// All numbers are small multiples of a half, so that every order of computing gives the same.
    fn is_sound(&self, kernel: Kernel, index: usize) -> bool {
        let (a, b, c) = (self.a[index], self.b[index], self.c[index]);
        match kernel {
            Kernel::Copy => c == a,
            Kernel::Scale => b == Q * c,
            Kernel::Add => c == a + b,
            Kernel::Triad => a == b + Q * c,
        }
    }
}

/// One thread's walk through the parts that it works on.
pub(super) struct Walk {
    parts: Vec<Part>,
    kernel: Kernel,
    /// The part, and the element in it, that come next.
    at: (usize, usize),
    /// The kernel has been all the way round.
    went_round: bool,
}

impl Walk {
    /// Through these parts, of which none is empty.
    pub(super) fn through(parts: Vec<Part>) -> Self {
        Self { parts, kernel: Kernel::Copy, at: (0, 0), went_round: false }
    }

    /// Computes this from the beginning.
    pub(super) fn begin(&mut self, kernel: Kernel) {
        *self = Self { kernel, ..Self::through(std::mem::take(&mut self.parts)) };
    }

    /// The parts, for somebody else.
    pub(super) fn take_parts(&mut self) -> Vec<Part> {
        std::mem::take(&mut self.parts)
    }

    /// Bytes of one of the arrays, all parts together.
    pub(super) fn bytes(&self) -> u64 {
        self.parts.iter().map(Part::bytes).sum()
    }

    /// What was computed since the beginning is right, as far as samples of it show.
    pub(super) fn is_sound(&self) -> bool {
        let (at, within) = self.at;
        self.parts.iter().enumerate().all(|(index, part)| {
            let walked = match index.cmp(&at) {
                _ if self.went_round => part.a.len(),
                std::cmp::Ordering::Less => part.a.len(),
                std::cmp::Ordering::Equal => within,
                std::cmp::Ordering::Greater => 0,
            };
            (0..walked).step_by(CHECKED).all(|element| part.is_sound(self.kernel, element))
        })
    }
}

impl Work for Walk {
    fn piece(&mut self) -> f64 {
        let (index, from) = self.at;
        let Some(part) = self.parts.get_mut(index) else { return 0.0 };
        let to = (from + SLICE).min(part.a.len());
        part.compute(self.kernel, from, to);
        self.at = if to < part.a.len() { (index, to) } else { (index + 1, 0) };
        if self.at.0 == self.parts.len() {
            self.at = (0, 0);
            self.went_round = true;
        }
        ((to - from) * self.kernel.arrays() * size_of::<f64>()) as f64
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn walk() -> Walk {
        let part = |elements| Part::touched(elements, Instant::now() + Duration::from_secs(60));
        Walk::through(vec![part(SLICE + 3), part(SLICE / 2)])
    }

    #[test]
    fn every_kernel_walks_through_everything_and_comes_round() {
        for (kernel, arrays) in [(Kernel::Triad, 3), (Kernel::Copy, 2), (Kernel::Scale, 2), (Kernel::Add, 3)]
        {
            let mut walk = walk();
            walk.begin(kernel);
            let bytes: Vec<f64> = (0..4).map(|_| walk.piece()).collect();
            let slices = [SLICE, 3, SLICE / 2, SLICE].map(|elements| (elements * arrays * 8) as f64);
            assert_eq!(bytes, slices, "{kernel:?}");
            let all = |part: &Part| (0..part.a.len()).all(|index| part.is_sound(kernel, index));
            assert!(walk.parts.iter().all(all) && walk.is_sound(), "{kernel:?}");
        }
    }

    #[test]
    fn a_wrong_output_shows_but_what_was_not_computed_does_not() {
        let mut walk = walk();
        walk.begin(Kernel::Add);
        assert!(walk.is_sound(), "nothing was computed");
        walk.piece();
        assert!(walk.is_sound());
        walk.parts[0].c[CHECKED] = 17.0;
        assert!(!walk.is_sound());
        walk.begin(Kernel::Copy);
        assert!(walk.is_sound());
    }

    #[test]
    fn memory_that_comes_too_slowly_is_left_out() {
        assert_eq!(Part::touched(SLICE * 8, Instant::now()).bytes(), 1 << 20);
        assert_eq!(Part::touched(usize::MAX / 16, Instant::now()).bytes(), 0, "more than there is");
    }
}
