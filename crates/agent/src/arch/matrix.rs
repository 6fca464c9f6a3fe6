//! The call into the matrix library, which takes pointers.

/// `product` = `left` × `right`: square matrices of `side` rows, row by row.
///
/// # Panics
/// If one of the slices is not `side` × `side` long.
pub fn multiply(left: &[f32], right: &[f32], product: &mut [f32], side: usize) {
    assert!([left.len(), right.len(), product.len()] == [side * side; 3], "square matrices of one size");
    let stride = isize::try_from(side).expect("a side is far below the largest isize");
    // SAFETY: all three slices hold side × side elements (checked above), which is what the strides reach;
    // the product is borrowed exclusively, so it overlaps neither factor.
    #[expect(unsafe_code, reason = "the library takes pointers")]
    unsafe {
        matrixmultiply::sgemm(
            side,
            side,
            side,
            1.0,
            left.as_ptr(),
            stride,
            1,
            right.as_ptr(),
            stride,
            1,
            0.0,
            product.as_mut_ptr(),
            stride,
            1,
        );
    }
}
