use anchor_lang::prelude::*;

use crate::state::{ChallengeState, CommitmentState, SlaSummary};

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

#[event]
pub struct CommitmentSeeded {
    pub commitment: Pubkey,
    /// Whose hash made the seed.
    pub slot: u64,
    pub seed: [u8; 32],
    pub samples: u8,
}

#[event]
pub struct SeedRearmed {
    pub commitment: Pubkey,
    pub rearms: u8,
    pub samples: u8,
    pub seed_target_slot: u64,
}

/// Every sample is proven.
#[event]
pub struct SampleProven {
    pub commitment: Pubkey,
    pub samples: u8,
}

#[event]
pub struct LeafChallenged {
    pub challenge: Pubkey,
    pub commitment: Pubkey,
    pub challenger: Pubkey,
    pub target: u64,
    pub bond: u64,
    pub deadline: i64,
}

#[event]
pub struct ChallengeAnswered {
    pub challenge: Pubkey,
    pub commitment: Pubkey,
    pub answerer: Pubkey,
    pub bond: u64,
}

#[event]
pub struct ChallengeClosed {
    pub challenge: Pubkey,
    pub commitment: Pubkey,
    pub state: ChallengeState,
    pub beneficiary: Pubkey,
    pub payout: u64,
}

#[event]
pub struct CommitmentFailed {
    pub commitment: Pubkey,
    pub contract: Pubkey,
    /// The challenge that was not answered; the default key where evidence is missing.
    pub challenge: Pubkey,
    /// 1 a challenge was not answered, 2 evidence is missing.
    pub reason: u8,
    pub gross: u64,
    pub lock: u64,
    pub slashed: u64,
    /// The challenger's share.
    pub bounty: u64,
}

#[event]
pub struct SlaReported {
    pub report: Pubkey,
    pub commitment: Pubkey,
    pub auditor: Pubkey,
    pub summary: SlaSummary,
    pub evidence_root: [u8; 32],
}

#[event]
pub struct SlaResolved {
    pub commitment: Pubkey,
    pub reports: u8,
    pub summary: SlaSummary,
}

#[event]
pub struct SlaReportClosed {
    pub report: Pubkey,
    pub commitment: Pubkey,
}
