use anchor_lang::prelude::*;

use crate::state::{Endpoint, NodeRole, ParticipantKind, ParticipantStatus};

#[event]
pub struct ConfigInitialized {
    pub config: Pubkey,
    pub board: Pubkey,
    pub guardian: Pubkey,
    pub treasury: Pubkey,
    pub cluster_tag: u32,
    pub development: bool,
    pub fee_basis_points: u16,
    pub params_hash: [u8; 32],
}

#[event]
pub struct MintAllowed {
    pub mint: Pubkey,
    pub token_program: Pubkey,
}

#[event]
pub struct StakeVaultCreated {
    pub mint: Pubkey,
    pub stake_vault: Pubkey,
}

#[event]
pub struct ParticipantRegistered {
    pub participant: Pubkey,
    pub owner: Pubkey,
    pub kind: ParticipantKind,
    pub stake_mint: Pubkey,
    pub payout: Pubkey,
}

#[event]
pub struct HotKeySet {
    pub participant: Pubkey,
    pub hot_before: Pubkey,
    pub hot_after: Pubkey,
    pub scope: u16,
    pub expires_at: i64,
}

#[event]
pub struct StakeDeposited {
    pub participant: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
    pub stake_free_before: u64,
    pub stake_free_after: u64,
}

#[event]
pub struct UnbondRequested {
    pub participant: Pubkey,
    pub slot: u8,
    pub amount: u64,
    pub ready_at: i64,
    pub stake_free_before: u64,
    pub stake_free_after: u64,
}

#[event]
pub struct UnbondCancelled {
    pub participant: Pubkey,
    pub slot: u8,
    pub amount: u64,
    pub stake_free_before: u64,
    pub stake_free_after: u64,
}

#[event]
pub struct StakeWithdrawn {
    pub participant: Pubkey,
    pub slot: u8,
    pub mint: Pubkey,
    pub amount: u64,
}

#[event]
pub struct StakeLocked {
    pub participant: Pubkey,
    pub amount: u64,
    pub stake_free_after: u64,
    pub stake_locked_after: u64,
}

#[event]
pub struct StakeUnlocked {
    pub participant: Pubkey,
    pub amount: u64,
    pub stake_free_after: u64,
    pub stake_locked_after: u64,
}

#[event]
pub struct StakeSlashed {
    pub participant: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
    /// Token account that received it.
    pub recipient: Pubkey,
    pub stake_locked_after: u64,
    pub slashed_total_after: u64,
    pub status_after: ParticipantStatus,
}

#[event]
pub struct JailLeft {
    pub participant: Pubkey,
}

#[event]
pub struct NodeRegistered {
    pub node: Pubkey,
    pub participant: Pubkey,
    pub index: u32,
    pub role: NodeRole,
    pub endpoints: [Endpoint; 2],
    pub asn: u32,
    pub claim_egress_kilobits_per_second: u64,
    pub claim_ingress_kilobits_per_second: u64,
}

#[event]
pub struct NodeUpdated {
    pub node: Pubkey,
    pub endpoints_before: [Endpoint; 2],
    pub endpoints_after: [Endpoint; 2],
    pub tls_spki: [u8; 32],
}

#[event]
pub struct NodeCapacityReserved {
    pub node: Pubkey,
    pub kilobits_per_second: u64,
    pub committed_before: u64,
    pub committed_after: u64,
}

#[event]
pub struct NodeCapacityReleased {
    pub node: Pubkey,
    pub kilobits_per_second: u64,
    pub committed_before: u64,
    pub committed_after: u64,
}

#[event]
pub struct ContractBegun {
    pub content_provider: Pubkey,
    pub seller: Pubkey,
    pub nonce: u64,
}

#[event]
pub struct ContractEnded {
    pub content_provider: Pubkey,
    pub seller: Pubkey,
}
