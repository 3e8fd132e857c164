use crate::{sha256, CoreError, Hash};

/// Most samples of one commitment.
pub const MAX_SAMPLES: u8 = 8;
const SAMPLE_DOMAIN: [u8; 16] = *b"OCM/sample/v1\0\0\0";
/// One token of a mint with six decimals, and one hundred (protocol 6.15).
const SMALL_GROSS: u64 = 1_000_000;
const MEDIUM_GROSS: u64 = 100_000_000;

/// Target of sample `index`: the first 16 bytes of `SHA256(dom | seed | u16 index)`, little-endian, modulo `total_bytes`.
pub fn compute_sample_target(seed: &Hash, index: u16, total_bytes: u64) -> Result<u64, CoreError> {
    let digest = sha256(&[&SAMPLE_DOMAIN, seed, &index.to_le_bytes()]);
    let mut low = [0u8; 16];
    low.copy_from_slice(&digest[..16]);
    u128::from_le_bytes(low)
        .checked_rem(u128::from(total_bytes))
        .and_then(|target| u64::try_from(target).ok())
        .ok_or(CoreError::TotalZero)
}

/// Samples that a gross has to prove: 2 below one token, 4 below one hundred, else 8, in base units of six decimals.
pub fn compute_sample_count(gross: u64) -> u8 {
    match gross {
        0..SMALL_GROSS => 2,
        SMALL_GROSS..MEDIUM_GROSS => 4,
        _ => MAX_SAMPLES,
    }
}

/// Samples after a missed seed: twice as many, at most [`MAX_SAMPLES`]. Letting a bad seed pass must cost something.
pub fn compute_rearmed_sample_count(count: u8) -> u8 {
    count.saturating_mul(2).min(MAX_SAMPLES)
}
