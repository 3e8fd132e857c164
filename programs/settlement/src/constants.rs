use anchor_lang::prelude::*;

#[constant]
pub const COMMITMENT_SEED: &[u8] = b"commitment";

/// Receipted unicast: paid by receipts, secured by stake, eligible for the minimum commit.
pub const KIND_RECEIPTED: u8 = 0;
/// Receipted multicast.
pub const KIND_MULTICAST: u8 = 2;

pub const MAX_SAMPLES: usize = 8;

/// Layout of a commitment; the first cut's, 1, is still settled.
pub const COMMITMENT_VERSION: u8 = 2;
