//! Floating point and vectors: products of 256 × 256 matrices of 32-bit numbers.

use std::hint::black_box;

use super::Kind;
use super::task::{Numbers, Task, checksum};
use crate::arch::{features, matrix};

const SIDE: usize = 256;
/// Checksum of the product. The entries are small whole numbers, so that the product is exact whatever the
/// order of the additions, fused or not.
const RIGHT: u64 = 0x4592_f168_147b_5cba;

pub(super) const KIND: Kind = Kind {
    metric: "cpu.matrix_gflops",
    per_run: (2 * SIDE * SIDE * SIDE) as f64 / 1e9,
    prepare: || Box::new(Product::new()),
    instruction_set: features::floating_point,
};

struct Product {
    left: Vec<f32>,
    right: Vec<f32>,
    product: Vec<f32>,
}

impl Product {
    fn new() -> Self {
        let mut numbers = Numbers(4);
        let mut matrix =
            || (0..SIDE * SIDE).map(|_| (numbers.next() % 17) as f32 - 8.0).collect::<Vec<f32>>();
        Self { left: matrix(), right: matrix(), product: vec![0.0; SIDE * SIDE] }
    }
}

impl Task for Product {
    fn run(&mut self) {
        matrix::multiply(black_box(&self.left), black_box(&self.right), black_box(&mut self.product), SIDE);
    }

    fn right(&self) -> bool {
        // Adding zero makes the negative zero, which some orders of summing yield, the positive one.
        checksum(self.product.iter().map(|entry| u64::from((entry + 0.0).to_bits()))) == RIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_the_sum_of_products() {
        let mut work = Product::new();
        work.run();
        let entry = |row: usize, column: usize| -> f32 {
            (0..SIDE).map(|k| work.left[row * SIDE + k] * work.right[k * SIDE + column]).sum()
        };
        assert_eq!(work.product[5 * SIDE + 9], entry(5, 9));
    }
}
