use crate::CoreError;

/// 100 % in basis points.
pub const BASIS_POINTS: u16 = 10_000;
/// Prices are per decimal gigabyte.
pub const BYTES_PER_GIGABYTE: u64 = 1_000_000_000;
/// 1 kilobit/s = 1000 bit/s = 125 byte/s.
pub const BYTES_PER_SECOND_PER_KILOBIT: u64 = 125;
/// 100 % in parts per million.
pub const PARTS_PER_MILLION: u32 = 1_000_000;
/// Highest protocol fee that a configuration may set (protocol 6.15).
pub const MAX_FEE_BASIS_POINTS: u16 = 500;

/// Bytes that a rate can carry in one epoch: `cap · 125 · L`.
///
/// Units: kilobits per second, seconds → bytes. Errors: [`CoreError::Overflow`] above 2^64 − 1 bytes.
pub fn max_epoch_bytes(
    cap_kilobits_per_second: u64,
    epoch_length_secs: u32,
) -> Result<u64, CoreError> {
    cap_kilobits_per_second
        .checked_mul(BYTES_PER_SECOND_PER_KILOBIT)
        .and_then(|bytes_per_second| bytes_per_second.checked_mul(u64::from(epoch_length_secs)))
        .ok_or(CoreError::Overflow)
}

/// `floor(value · numerator / denominator)` without losing bits in between. `denominator` is a non-zero constant.
pub(crate) fn mul_div_floor(
    value: u64,
    numerator: u64,
    denominator: u64,
) -> Result<u64, CoreError> {
    // Most products fit, and the virtual machine divides 64 bits in one step, 128 in hundreds.
    if let Some(product) = value.checked_mul(numerator) {
        return product.checked_div(denominator).ok_or(CoreError::Overflow);
    }
    u128::from(value)
        .checked_mul(u128::from(numerator))
        .and_then(|product| product.checked_div(u128::from(denominator)))
        .and_then(|quotient| u64::try_from(quotient).ok())
        .ok_or(CoreError::Overflow)
}

/// `floor(value · basis_points / 10 000)` for a share of at most 100 %, which always fits.
pub(crate) fn share_floor(value: u64, basis_points: u16) -> Result<u64, CoreError> {
    if basis_points > BASIS_POINTS {
        return Err(CoreError::BasisPointsOutOfRange);
    }
    mul_div_floor(value, u64::from(basis_points), u64::from(BASIS_POINTS))
}
