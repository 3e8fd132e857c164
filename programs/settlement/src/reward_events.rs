use anchor_lang::prelude::*;

use crate::state::RewardTree;

#[event]
pub struct RewardPoolCreated {
    pub pool: Pubkey,
    pub creator: Pubkey,
    pub id: u64,
    pub mint: Pubkey,
    pub vault: Pubkey,
    pub aggregator: Pubkey,
    pub bond: u64,
    pub delay_secs: i64,
}

#[event]
pub struct RewardPoolFunded {
    pub pool: Pubkey,
    pub amount: u64,
    pub vault_balance: u64,
}

#[event]
pub struct RewardAggregatorSet {
    pub pool: Pubkey,
    pub aggregator_before: Pubkey,
    pub aggregator_after: Pubkey,
}

#[event]
pub struct RewardRootProposed {
    pub pool: Pubkey,
    pub active: RewardTree,
    pub pending: RewardTree,
    pub bond: u64,
    pub eta_at: i64,
}

/// A member's entry stands in the active root.
#[event]
pub struct RewardProven {
    pub pool: Pubkey,
    pub index: u32,
    pub owner: Pubkey,
    pub lifetime: u64,
}

#[event]
pub struct RewardRootVetoed {
    pub pool: Pubkey,
    pub pending: RewardTree,
    pub index: u32,
    pub owner_before: Pubkey,
    pub lifetime_before: u64,
    pub owner_after: Pubkey,
    pub lifetime_after: u64,
    pub vetoer: Pubkey,
    /// Half of the bond.
    pub bounty: u64,
    /// The rest of the bond, left in the vault.
    pub kept: u64,
}

#[event]
pub struct RewardRootActivated {
    pub pool: Pubkey,
    pub before: RewardTree,
    pub after: RewardTree,
    pub paid_total: u64,
    pub bond: u64,
}

#[event]
pub struct RewardRootCancelled {
    pub pool: Pubkey,
    pub pending: RewardTree,
    pub cancelled_by: Pubkey,
    pub bond: u64,
}

#[event]
pub struct RewardClaimed {
    pub pool: Pubkey,
    pub index: u32,
    pub owner: Pubkey,
    pub lifetime: u64,
    pub amount: u64,
    pub paid_total: u64,
}

#[event]
pub struct RewardExcessWithdrawn {
    pub pool: Pubkey,
    pub amount: u64,
    pub vault_balance: u64,
}

#[event]
pub struct RewardPoolRetired {
    pub pool: Pubkey,
    pub paid_total: u64,
}

#[event]
pub struct RewardStatusClosed {
    pub status: Pubkey,
    pub pool: Pubkey,
    pub index: u32,
    pub claimed: u64,
}

#[event]
pub struct RewardPoolClosed {
    pub pool: Pubkey,
    pub rent_payer: Pubkey,
}
