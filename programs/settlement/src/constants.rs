use anchor_lang::prelude::*;

#[constant]
pub const COMMITMENT_SEED: &[u8] = b"commitment";

/// Receipted unicast: paid by receipts, secured by stake, eligible for the minimum commit.
pub const KIND_RECEIPTED: u8 = 0;
/// Without receipts: paid only by co-signature, no stake.
pub const KIND_COSIGNED: u8 = 1;
/// Receipted multicast.
pub const KIND_MULTICAST: u8 = 2;

pub const MAX_SAMPLES: usize = 8;

/// Slots from a commitment to its sampling seed (protocol 6.15); sampling itself is not live yet.
pub const SEED_DELAY_SLOTS: u64 = 64;
