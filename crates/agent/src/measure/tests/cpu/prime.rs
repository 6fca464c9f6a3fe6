//! The prime loop of `sysbench cpu`: trial division of every number up to 20,000, with 64-bit divisions and a
//! bound in floating point, since both are what its time goes into.

use std::hint::black_box;

use super::Kind;
use super::task::Task;
use crate::arch::division::remainder;
use crate::arch::features;

pub(super) const KIND: Kind = Kind {
    metric: "cpu.events_per_sec",
    per_run: 1.0,
    prepare: || Box::new(Primes { found: 0 }),
    instruction_set: features::baseline,
};

/// What sysbench calls --cpu-max-prime.
const MAX_PRIME: i64 = 20_000;
/// Odd primes below it.
const ODD_PRIMES: u32 = 2_261;

struct Primes {
    found: u32,
}

impl Task for Primes {
    fn run(&mut self) {
        self.found = black_box(odd_primes_below(black_box(MAX_PRIME)));
    }

    fn right(&self) -> bool {
        self.found == ODD_PRIMES
    }
}

/// One event. The division by 2 is a look at one bit, there as here: its compiler sees to that.
fn odd_primes_below(limit: i64) -> u32 {
    let mut found = 0;
    for number in 3..limit {
        if number % 2 == 0 {
            continue;
        }
        let root = (number as f64).sqrt();
        let mut divisor = 3_i64;
        while divisor as f64 <= root {
            if remainder(number.unsigned_abs(), divisor.unsigned_abs()) == 0 {
                break;
            }
            divisor += 1;
        }
        found += u32::from(divisor as f64 > root);
    }
    found
}
