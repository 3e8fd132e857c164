use anchor_lang::prelude::*;

#[constant]
pub const CAPACITY_CLAIM_SEED: &[u8] = b"claim";
#[constant]
pub const OFFER_SEED: &[u8] = b"offer";
#[constant]
pub const CONTRACT_SEED: &[u8] = b"ctr";
#[constant]
pub const VAULT_SEED: &[u8] = b"vault";
#[constant]
pub const LOT_SEED: &[u8] = b"lot";
#[constant]
pub const BID_SEED: &[u8] = b"bid";
#[constant]
pub const PRICE_HISTORY_SEED: &[u8] = b"price";
#[constant]
pub const BOUNTY_SEED: &[u8] = b"bounty";

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

/// Least notice of a termination, epochs after the present one (protocol 6.6).
pub const MIN_NOTICE_EPOCHS: u32 = 24;

/// A lot ranks its bids in one instruction: the bound keeps clearing affordable.
pub const MAX_BIDS: usize = 64;
/// Least number of units in a lot, so that the most one seller may win (a third) is a whole unit.
pub const MIN_LOT_UNITS: u64 = 3;
/// One seller wins at most this part of a lot: who supplies several units gains from shading its bid.
pub const LOT_SHARE_DIVISOR: u64 = 3;
/// A contract's cap, in basis points of the rate it commits: from the rate itself to ten times as much.
pub const MIN_CAP_BASIS_POINTS: u32 = 10_000;
pub const MAX_CAP_BASIS_POINTS: u32 = 100_000;
/// Clearings that a price history remembers.
pub const PRICE_HISTORY_LENGTH: usize = 32;
/// Sellers that one bounty can pay.
pub const MAX_BOUNTY_PAYMENTS: usize = 32;

/// Domains of the auction's hashes, 16 bytes each (protocol 6.1).
pub const BID_DOMAIN: &[u8; 16] = b"OCM/bid/v1\0\0\0\0\0\0";
pub const SALT_DOMAIN: &[u8; 16] = b"OCM/bidsalt/v1\0\0";
pub const LOT_SEED_DOMAIN: &[u8; 16] = b"OCM/lotseed/v1\0\0";
