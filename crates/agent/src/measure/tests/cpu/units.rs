//! One unit of work of each of the processor's tests: always the same input, made from a seed, and an
//! output that is checked.

use std::hint::black_box;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec;
use sha2::{Digest, Sha256};

use crate::arch::division::remainder;

/// Does one unit of work; whether its output was right.
pub(super) type Unit = Box<dyn FnMut() -> bool + Send>;

const BUFFER: usize = 64 * 1024;
const KEYS: usize = 64 * 1024;
const SIDE: usize = 128;
const CHAINS: u64 = 2000;
const MAX_PRIME: u32 = 20_000;
/// Odd primes below 20,000.
const ODD_PRIMES: u32 = 2261;

/// One event of `sysbench cpu --cpu-max-prime=20000`: trial division of every number from 3 on, with
/// 64-bit divisions and the bound compared as a floating-point number, since both are what its time goes into.
/// The division by 2 is a look at one bit, there as here: its compiler sees to that.
pub(super) fn prime() -> Unit {
    Box::new(|| black_box(odd_primes_below(black_box(MAX_PRIME))) == ODD_PRIMES)
}

fn odd_primes_below(limit: u32) -> u32 {
    let mut primes = 0;
    for candidate in 3..i64::from(limit) {
        if candidate % 2 == 0 {
            continue;
        }
        let root = (candidate as f64).sqrt();
        let mut divisor = 3_i64;
        while divisor as f64 <= root {
            if remainder(candidate.unsigned_abs(), divisor.unsigned_abs()) == 0 {
                break;
            }
            divisor += 1;
        }
        primes += u32::from(divisor as f64 > root);
    }
    primes
}

/// Follows Collatz chains: short dependent integer steps behind branches that cannot be foretold.
pub(super) fn integer() -> Unit {
    let expected = chain_steps();
    Box::new(move || chain_steps() == expected)
}

fn chain_steps() -> u64 {
    let mut steps = 0;
    for start in 1..=black_box(CHAINS) {
        let mut number = start;
        while number != 1 {
            number = if number % 2 == 0 { number / 2 } else { 3 * number + 1 };
            steps += 1;
        }
    }
    steps
}

/// Steps of one unit, in millions.
pub(super) fn integer_mops() -> f64 {
    chain_steps() as f64 / 1e6
}

/// Hashes a buffer with SHA-256.
pub(super) fn sha256() -> Unit {
    let buffer = noise(BUFFER);
    let expected = Sha256::digest(&buffer);
    Box::new(move || Sha256::digest(black_box(&buffer)) == expected)
}

/// Bytes of one unit, in millions.
pub(super) fn sha256_mb() -> f64 {
    BUFFER as f64 / 1e6
}

/// Compresses a buffer that compresses to about half.
pub(super) fn deflate() -> Unit {
    let buffer: Vec<u8> =
        noise(BUFFER).into_iter().map(|byte| b"etaoin shrdlu.\n,"[usize::from(byte & 15)]).collect();
    let compressed = compress_to_vec(&buffer, 6);
    let reads_back = decompress_to_vec(&compressed).is_ok_and(|plain| plain == buffer);
    Box::new(move || compress_to_vec(black_box(&buffer), 6) == compressed && reads_back)
}

/// Bytes of one unit, in millions.
pub(super) fn deflate_mb() -> f64 {
    BUFFER as f64 / 1e6
}

/// Multiplies two square matrices in single precision. Their elements are small whole numbers, so that
/// every order of summation gives the same product.
pub(super) fn matrix() -> Unit {
    let elements = |seed: usize| (0..SIDE * SIDE).map(|i| ((i * seed) % 7) as f32 - 3.0).collect::<Vec<_>>();
    let (left, right) = (elements(5), elements(11));
    let expected: Vec<f32> = (0..SIDE * SIDE)
        .map(|i| (0..SIDE).map(|k| left[i / SIDE * SIDE + k] * right[k * SIDE + i % SIDE]).sum())
        .collect();
    let mut product = vec![0.0_f32; SIDE * SIDE];
    Box::new(move || {
        crate::arch::matrix::multiply(black_box(&left), black_box(&right), &mut product, SIDE);
        product == expected
    })
}

/// Floating-point operations of one unit, in thousand millions: a product and a sum per inner step.
pub(super) fn matrix_gflop() -> f64 {
    2.0 * (SIDE * SIDE * SIDE) as f64 / 1e9
}

/// Sorts 64-bit keys.
pub(super) fn sort() -> Unit {
    let keys: Vec<u64> = noise(KEYS * 8)
        .chunks_exact(8)
        .map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap_or_default()))
        .collect();
    let mut expected = keys.clone();
    expected.sort_unstable();
    let mut work = keys.clone();
    Box::new(move || {
        work.copy_from_slice(black_box(&keys));
        work.sort_unstable();
        work == expected
    })
}

/// Keys of one unit, in millions.
pub(super) fn sort_mkeys() -> f64 {
    KEYS as f64 / 1e6
}

/// Bytes without a pattern, always the same ones: Marsaglia's xorshift64 from a fixed seed.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_finds_its_output_right_again_and_again() {
        for make in [prime, integer, sha256, deflate, matrix, sort] {
            let mut unit = make();
            assert!(unit() && unit());
        }
    }
}
