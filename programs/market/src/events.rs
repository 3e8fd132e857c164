use anchor_lang::prelude::*;

use crate::state::{ContractState, Direction, Footprint};

#[event]
pub struct CapacityClaimed {
    pub capacity_claim: Pubkey,
    pub node: Pubkey,
    pub participant: Pubkey,
    pub footprint: Footprint,
    pub direction: Direction,
    pub kilobits_per_second: u64,
    pub price_floor_per_gigabyte: u64,
    pub valid_from: i64,
    pub valid_until: i64,
    pub delivery_methods: u8,
}

#[event]
pub struct CapacityClaimRetired {
    pub capacity_claim: Pubkey,
    pub node: Pubkey,
}

#[event]
pub struct OfferPosted {
    pub offer: Pubkey,
    pub participant: Pubkey,
    pub mint: Pubkey,
    pub price_per_gigabyte: [u64; 3],
    pub commit_fee_per_epoch: u64,
    pub min_kilobits_per_second: u64,
    pub max_kilobits_per_second: u64,
    pub remaining_kilobits_per_second: u64,
    pub epoch_length_secs: u32,
    pub node_set_hash: [u8; 32],
    pub expires_at: i64,
    pub delivery_methods: u8,
    pub verified_only: bool,
}

#[event]
pub struct OfferWithdrawn {
    pub offer: Pubkey,
    pub remaining_kilobits_per_second: u64,
}

#[event]
pub struct ContractProposed {
    pub contract: Pubkey,
    pub content_provider: Pubkey,
    pub seller: Pubkey,
    pub offer: Pubkey,
    pub committed_kilobits_per_second: u64,
    pub cap_kilobits_per_second: u64,
    pub offer_remaining_before: u64,
    pub offer_remaining_after: u64,
    pub genesis_at: i64,
    pub epoch_length_secs: u32,
    pub epoch_count: u32,
    /// What the vault has to hold before the contract becomes active, base units.
    pub reserve: u64,
    pub params_hash: [u8; 32],
    /// Whether the capacity had to lie within an unexpired bandwidth proof.
    pub verified_only: bool,
}

#[event]
pub struct ContractFunded {
    pub contract: Pubkey,
    pub amount: u64,
    pub vault_balance: u64,
    pub state_before: ContractState,
    pub state_after: ContractState,
}

#[event]
pub struct ContractActivated {
    pub contract: Pubkey,
    pub vault_balance: u64,
    pub reserve: u64,
}

#[event]
pub struct ExcessWithdrawn {
    pub contract: Pubkey,
    pub amount: u64,
    pub vault_balance_before: u64,
    pub vault_balance_after: u64,
}

#[event]
pub struct ContractCancelled {
    pub contract: Pubkey,
    pub cancelled_by: Pubkey,
    pub offer_remaining_after: u64,
}

#[event]
pub struct ContractTerminated {
    pub contract: Pubkey,
    pub terminated_by: Pubkey,
    pub epoch_count_before: u32,
    pub epoch_count_after: u32,
}

#[event]
pub struct IssuerRotated {
    pub contract: Pubkey,
    pub slot: u8,
    pub issuer_before: Pubkey,
    pub issuer_after: Pubkey,
    pub from_epoch: u32,
}

#[event]
pub struct ContractClosingBegun {
    pub contract: Pubkey,
    pub state_before: ContractState,
    pub offer_remaining_after: u64,
}

#[event]
pub struct ContractSettled {
    pub contract: Pubkey,
    pub paid_total: u64,
    pub penalty_total: u64,
    pub owed_total: u64,
    pub settled_commitments: u32,
}

#[event]
pub struct ContentProviderRefunded {
    pub contract: Pubkey,
    pub owner: Pubkey,
    pub amount: u64,
    pub owed_total: u64,
}

#[event]
pub struct ContractClosed {
    pub contract: Pubkey,
    pub rent_payer: Pubkey,
}

#[event]
pub struct PayoutReleased {
    pub contract: Pubkey,
    pub index: u8,
    pub payee: Pubkey,
    pub amount: u64,
    pub vault_balance_after: u64,
}

#[event]
pub struct ContractBonded {
    pub contract: Pubkey,
    pub seller: Pubkey,
    pub amount: u64,
    pub bond_total_after: u64,
    pub bond_free_after: u64,
}

#[event]
pub struct BondReleased {
    pub contract: Pubkey,
    pub seller: Pubkey,
    pub amount: u64,
    pub bond_total_after: u64,
    pub bond_free_after: u64,
}

#[event]
pub struct SlashCollected {
    pub contract: Pubkey,
    pub seller: Pubkey,
    pub amount: u64,
    pub vault_balance_after: u64,
}

#[event]
pub struct FailureRecorded {
    pub contract: Pubkey,
    pub gross: u64,
    pub slashed: u64,
    /// Free in the vault from now on.
    pub content_provider: u64,
    pub challenger: u64,
    pub treasury: u64,
}

#[event]
pub struct HeldPaid {
    pub contract: Pubkey,
    pub recipient: Pubkey,
    pub amount: u64,
    pub vault_balance_after: u64,
}

#[event]
pub struct ContractUpgraded {
    pub contract: Pubkey,
    pub version: u8,
}
