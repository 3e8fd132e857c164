use anchor_lang::prelude::*;

use crate::state::{DepositOwner, Footprint};

#[event]
pub struct LotCreated {
    pub lot: Pubkey,
    pub content_provider: Pubkey,
    pub mint: Pubkey,
    pub footprint: Footprint,
    pub delivery_methods: u8,
    pub verified_only: bool,
    pub kilobits_per_second: u64,
    pub unit_kilobits_per_second: u64,
    pub reserve_price_per_gigabyte: u64,
    pub bid_deposit: u64,
    pub epoch_count: u32,
    pub epoch_length_secs: u32,
    pub commit_ends_at: i64,
    pub reveal_ends_at: i64,
    pub genesis_at: i64,
}

#[event]
pub struct BidCommitted {
    pub lot: Pubkey,
    pub bid: Pubkey,
    pub bidder: Pubkey,
    pub commitment: [u8; 32],
    pub deposit: u64,
    pub bid_count: u32,
}

/// With the salt, so that anyone can recompute the seed of the ranking.
#[event]
pub struct BidRevealed {
    pub lot: Pubkey,
    pub bid: Pubkey,
    pub bidder: Pubkey,
    pub price_per_gigabyte: u64,
    pub kilobits_per_second: u64,
    pub salt: [u8; 16],
    pub salts_after: [u8; 32],
}

#[event]
pub struct LotCleared {
    pub lot: Pubkey,
    pub seed: [u8; 32],
    pub clearing_price_per_gigabyte: u64,
    pub awarded_kilobits_per_second: u64,
    pub bid_count: u32,
    pub revealed_count: u32,
    pub price_history: Pubkey,
}

#[event]
pub struct BidAwarded {
    pub lot: Pubkey,
    pub bid: Pubkey,
    pub bidder: Pubkey,
    pub contract: Pubkey,
    pub awarded_kilobits_per_second: u64,
    pub price_per_gigabyte: u64,
}

#[event]
pub struct BidDepositReleased {
    pub lot: Pubkey,
    pub bid: Pubkey,
    pub bidder: Pubkey,
    pub deposit_owner: DepositOwner,
    pub recipient: Pubkey,
    pub amount: u64,
}

#[event]
pub struct LotClosed {
    pub lot: Pubkey,
    pub rent_payer: Pubkey,
    /// What others had sent to the vault; it went to the content provider.
    pub left_over: u64,
}

#[event]
pub struct PriceHistoryOpened {
    pub price_history: Pubkey,
    pub footprint: Footprint,
    pub delivery_methods: u8,
    pub mint: Pubkey,
}
