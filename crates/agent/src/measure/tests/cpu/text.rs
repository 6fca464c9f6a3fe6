//! Text to compress: words in a seeded order, about as repetitive as prose.

use super::task::Numbers;

const SYLLABLES: [&str; 16] = [
    "ba", "ce", "di", "fo", "gu", "hal", "jen", "kit", "lor", "mun", "nast", "pel", "quir", "rod", "sul",
    "ter",
];

/// A text of exactly this many bytes.
pub(super) fn text(bytes: usize) -> Vec<u8> {
    let mut numbers = Numbers(3);
    let mut text = Vec::with_capacity(bytes + 16);
    while text.len() < bytes {
        // The smaller of two draws: some words are much more frequent than others, as in prose.
        let mut word = (numbers.next() % 4_096).min(numbers.next() % 4_096);
        for _ in 0..=word % 3 {
            text.extend_from_slice(SYLLABLES[(word % 16) as usize].as_bytes());
            word /= 16;
        }
        text.push(if numbers.next().is_multiple_of(9) { b'\n' } else { b' ' });
    }
    text.truncate(bytes);
    text
}
