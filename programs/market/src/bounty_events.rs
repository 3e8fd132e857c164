use anchor_lang::prelude::*;

use crate::state::Footprint;

#[event]
pub struct BountyCreated {
    pub bounty: Pubkey,
    pub content_provider: Pubkey,
    pub mint: Pubkey,
    pub footprint: Footprint,
    pub delivery_methods: u8,
    pub verified_only: bool,
    pub contract_required: bool,
    pub kilobits_per_second: u64,
    pub hold_secs: u32,
    pub reward: u64,
    pub max_payments: u8,
    pub expires_at: i64,
}

#[event]
pub struct BountyPaid {
    pub bounty: Pubkey,
    pub seller: Pubkey,
    pub capacity_claim: Pubkey,
    pub amount: u64,
    pub payments_left: u8,
}

#[event]
pub struct BountyRefunded {
    pub bounty: Pubkey,
    pub content_provider: Pubkey,
    pub amount: u64,
    pub payments_made: u8,
}
