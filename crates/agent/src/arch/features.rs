//! Which instructions the tests use on this processor: what the compiler may take for granted, and what the
//! libraries look for.

/// Of code that looks for nothing: the target's own.
pub(crate) fn baseline() -> Option<&'static str> {
    match () {
        () if cfg!(target_arch = "x86_64") => Some("sse2"),
        () if cfg!(target_arch = "aarch64") => Some("neon"),
        () => None,
    }
}

/// Of the hash test.
#[cfg(target_arch = "x86_64")]
pub(crate) fn hashing() -> Option<&'static str> {
    let has = std::arch::is_x86_feature_detected!("sha") && std::arch::is_x86_feature_detected!("sse4.1");
    if has { Some("sha_ni") } else { baseline() }
}

/// Of the hash test.
#[cfg(target_arch = "aarch64")]
pub(crate) fn hashing() -> Option<&'static str> {
    if std::arch::is_aarch64_feature_detected!("sha2") { Some("sha2") } else { baseline() }
}

/// Of the hash test.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn hashing() -> Option<&'static str> {
    baseline()
}

/// Of the matrix test.
#[cfg(target_arch = "x86_64")]
pub(crate) fn floating_point() -> Option<&'static str> {
    let has_fma = std::arch::is_x86_feature_detected!("fma");
    match () {
        () if std::arch::is_x86_feature_detected!("avx512f") => Some("avx512"),
        () if has_fma && std::arch::is_x86_feature_detected!("avx2") => Some("avx2"),
        () if std::arch::is_x86_feature_detected!("avx") => Some("avx"),
        () => baseline(),
    }
}

/// Of the matrix test.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn floating_point() -> Option<&'static str> {
    baseline()
}
