//! STREAM's kernels, each over a part of the arrays.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use super::super::super::sampler::{Lane, Lap, pin};

/// What one pass computes; `q` is 3.
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

const Q: f64 = 3.0;

/// Passes of a kernel over one thread's part of the three arrays.
pub(super) struct Pass {
    /// The kernel of the next laps.
    pub(super) kernel: Kernel,
    a: Vec<f64>,
    b: Vec<f64>,
    c: Vec<f64>,
}

/// Cuts arrays of `bytes` into one part a thread, each touched first on the processor that will use it, so
/// that it lies in the memory next to that one.
pub(super) fn passes(bytes: u64, processors: &[usize], count: usize) -> Vec<Pass> {
    let length = usize::try_from(bytes / 8).unwrap_or(usize::MAX) / count.max(1);
    let fill = move || Pass {
        kernel: Kernel::Copy,
        a: vec![1.0; length],
        b: vec![2.0; length],
        c: vec![0.5; length],
    };
    let start = |index| {
        let processor = processors.get(index).copied();
        thread::spawn(move || {
            pin(processor);
            fill()
        })
    };
    let threads: Vec<_> = (0..count).map(start).collect();
    threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| fill())).collect()
}

impl Pass {
    fn pass(&mut self) {
        let Self { kernel, a, b, c } = self;
        match kernel {
            Kernel::Copy => c.copy_from_slice(a),
            Kernel::Scale => b.iter_mut().zip(&*c).for_each(|(b, c)| *b = Q * c),
            Kernel::Add => c.iter_mut().zip(&*a).zip(&*b).for_each(|((c, a), b)| *c = a + b),
            Kernel::Triad => a.iter_mut().zip(&*b).zip(&*c).for_each(|((a, b), c)| *a = b + Q * c),
        }
    }
}

impl Lane for Pass {
    fn lap(&mut self, window: Duration) -> Lap {
        let arrays = if matches!(self.kernel, Kernel::Copy | Kernel::Scale) { 2 } else { 3 };
        let bytes = (self.a.len() * 8 * arrays) as f64;
        let begun = Instant::now();
        let mut passes = 0_u32;
        loop {
            self.pass();
            black_box(&self.a[0]);
            passes += 1;
            let time = begun.elapsed();
            // One pass over large arrays is a sample; small ones (little memory) are repeated.
            if time * 2 >= window {
                return Lap { units: bytes * f64::from(passes), time };
            }
        }
    }

    fn correct(&self) -> bool {
        let Self { kernel, a, b, c } = self;
        let sound = |index: usize| match kernel {
            Kernel::Copy => c[index] == a[index],
            Kernel::Scale => b[index] == Q * c[index],
            Kernel::Add => c[index] == a[index] + b[index],
            Kernel::Triad => a[index] == b[index] + Q * c[index],
        };
        [0, a.len() / 2, a.len() - 1].into_iter().all(sound)
    }
}
