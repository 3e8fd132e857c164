use anchor_lang::prelude::*;

use crate::state::{CommitmentState, SlaSummary};

#[event]
pub struct DeliveryCommitted {
    pub commitment: Pubkey,
    pub contract: Pubkey,
    pub epoch: u32,
    pub kind: u8,
    pub root: [u8; 32],
    pub depth: u8,
    pub leaf_count: u32,
    pub total_bytes: u64,
    pub manifest_hash: [u8; 32],
    pub sla_summary: SlaSummary,
    pub gross: u64,
    pub lock: u64,
    pub seed_target_slot: u64,
    pub deadline: i64,
    pub state: CommitmentState,
}

#[event]
pub struct DeliveryCosigned {
    pub commitment: Pubkey,
    pub contract: Pubkey,
    pub epoch: u32,
    pub kind: u8,
    pub cosigned_by: Pubkey,
    pub root: [u8; 32],
    pub total_bytes: u64,
    pub gross: u64,
    pub state_before: CommitmentState,
}

#[event]
pub struct DeliverySettled {
    pub commitment: Pubkey,
    pub contract: Pubkey,
    pub epoch: u32,
    pub kind: u8,
    pub total_bytes: u64,
    pub gross: u64,
    pub top_up: u64,
    pub penalty_basis_points: u16,
    pub penalty: u64,
    pub net: u64,
    pub fee_basis_points: u16,
    pub fee: u64,
    /// In the order of the contract's splits.
    pub payouts: [u64; 8],
    /// The fee and the dust of the floors.
    pub treasury: u64,
    pub unlocked: u64,
    /// Of the lock, for a severe breach.
    pub slashed: u64,
    pub history_size: u64,
}

#[event]
pub struct CommitmentExpired {
    pub commitment: Pubkey,
    pub contract: Pubkey,
    pub epoch: u32,
    pub kind: u8,
    pub gross: u64,
    pub unlocked: u64,
}

#[event]
pub struct PayoutWithdrawn {
    pub contract: Pubkey,
    pub index: u8,
    pub payee: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
}

#[event]
pub struct CommitmentClosed {
    pub commitment: Pubkey,
    pub contract: Pubkey,
    pub rent_payer: Pubkey,
}
