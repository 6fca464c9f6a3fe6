//! The processor's own 64-bit division.

/// `number % divisor`. The compiler would test first whether a shorter division will do, which is another
/// amount of work than the instruction.
///
/// # Panics
/// When `divisor` is 0.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn remainder(number: u64, divisor: u64) -> u64 {
    assert!(divisor != 0, "division by zero");
    let remainder;
    // SAFETY: the divisor is not zero and the upper half of the dividend is, so the quotient fits and the
    // instruction cannot trap; it touches only the two registers named.
    #[expect(unsafe_code, reason = "an instruction that the language does not name")]
    unsafe {
        std::arch::asm!(
            "div {divisor}",
            divisor = in(reg) divisor,
            inlateout("rax") number => _,
            inlateout("rdx") 0_u64 => remainder,
            options(pure, nomem, nostack),
        );
    }
    remainder
}

/// `number % divisor`, hidden from the optimiser.
///
/// # Panics
/// When `divisor` is 0.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(crate) fn remainder(number: u64, divisor: u64) -> u64 {
    std::hint::black_box(number) % divisor
}

#[cfg(test)]
mod tests {
    use super::remainder;

    #[test]
    fn is_the_remainder() {
        for (number, divisor) in [(0, 1), (7, 2), (19_999, 141), (u64::MAX, 3), (u64::MAX, u64::MAX)] {
            assert_eq!(remainder(number, divisor), number % divisor);
        }
    }
}
