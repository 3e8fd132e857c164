use anchor_lang::prelude::*;

#[constant]
pub const CAPACITY_CLAIM_SEED: &[u8] = b"claim";
#[constant]
pub const OFFER_SEED: &[u8] = b"offer";
#[constant]
pub const CONTRACT_SEED: &[u8] = b"ctr";
#[constant]
pub const VAULT_SEED: &[u8] = b"vault";

pub const MAX_CLAIMS: usize = 4;
pub const MAX_ISSUERS: usize = 2;
pub const MAX_SPLITS: usize = protocol_core::MAX_SPLITS;
pub const MAX_SLA_TIERS: usize = protocol_core::MAX_SLA_TIERS;
pub const HISTORY_LEVELS: usize = protocol_core::HISTORY_LEVELS;
/// Payees of the splits, and the treasury as the last.
pub const MAX_PAYEES: usize = 9;
pub const TREASURY_INDEX: usize = 8;

/// 0 receipted unicast, 1 co-signed only, 2 receipted multicast.
pub const KIND_COUNT: usize = 3;
/// Paid on co-signature alone: neither sampled nor backed by a lock.
pub const KIND_COSIGNED: u8 = 1;

/// The history holds 65,535 settlements: three kinds per epoch must fit, or the last could never settle.
pub const MAX_EPOCH_COUNT: u32 = 21_845;

/// Capacity must not be held for years by a contract that has not begun.
pub const MAX_GENESIS_LEAD_SECS: i64 = 30 * 86_400;
