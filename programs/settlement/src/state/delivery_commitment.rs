use anchor_lang::prelude::*;
use protocol_core::{empty_root, MAX_DEPTH, MIN_DEPTH};
use registry::RESERVED_BYTES;

use crate::constants::MAX_SAMPLES;
use crate::error::SettlementError;

/// Protocol 6.7. `Seeded` to `Final` belong to sampling and challenges.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitmentState {
    Committed,
    Seeded,
    Proven,
    CosignedFinal,
    Final,
    Settled,
    Failed,
    Expired,
}

/// Service quality of one epoch as its seller states it.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct SlaSummary {
    pub availability_ppm: u32,
    pub error_ppm: u32,
    pub ttfb_p95_ms: u16,
    pub stall_ppm: u32,
    pub sessions: u32,
}

impl SlaSummary {
    /// The same figures for the rules of `protocol-core`.
    pub fn to_core(&self) -> protocol_core::SlaSummary {
        protocol_core::SlaSummary {
            availability_ppm: self.availability_ppm,
            error_ppm: self.error_ppm,
            ttfb_p95_ms: self.ttfb_p95_ms,
            stall_ppm: self.stall_ppm,
            sessions: self.sessions,
        }
    }
}

/// What a seller commits for one epoch and kind of delivery, at `["commitment", contract, epoch, kind]`.
#[account]
#[derive(InitSpace)]
pub struct DeliveryCommitment {
    pub version: u8,
    pub bump: u8,
    pub contract: Pubkey,
    pub epoch: u32,
    /// 0 receipted unicast, 1 co-signed only, 2 receipted multicast.
    pub kind: u8,
    /// Root of the settlement tree (protocol 6.5).
    pub root: [u8; 32],
    pub depth: u8,
    pub leaf_count: u32,
    pub total_bytes: u64,
    /// Names the published set of leaves and log files.
    pub manifest_hash: [u8; 32],
    pub sla_summary: SlaSummary,
    /// Payable before top-up, penalty and fee, base units; fixed when committed.
    pub gross: u64,
    /// Seller's stake bound to it, base units of the same mint.
    pub lock: u64,
    pub committed_slot: u64,
    pub committed_at: i64,
    pub seed_target_slot: u64,
    pub rearms: u8,
    pub seed: [u8; 32],
    pub samples: u8,
    pub inclusion_bits: u16,
    pub evidence_bits: u16,
    pub sample_leaves: [[u8; 32]; MAX_SAMPLES],
    pub open_challenges: u8,
    pub fail_reason: u8,
    pub state: CommitmentState,
    pub rent_payer: Pubkey,
    /// Last moment of the co-signature.
    pub deadline: i64,
    /// End of the commit window: closed earlier, the same epoch could be committed twice (INV-7).
    pub closable_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
}

impl DeliveryCommitment {
    /// The content provider accepts the figures.
    pub fn cosign(&mut self, now: i64) -> Result<()> {
        require!(self.is_open(), SettlementError::CommitmentStateInvalid);
        require!(now <= self.deadline, SettlementError::CosignTooLate);
        self.state = CommitmentState::CosignedFinal;
        Ok(())
    }

    pub fn settle(&mut self) -> Result<()> {
        require!(
            self.state == CommitmentState::CosignedFinal,
            SettlementError::CommitmentStateInvalid
        );
        self.state = CommitmentState::Settled;
        Ok(())
    }

    /// Nobody accepted it in time.
    pub fn expire(&mut self, now: i64) -> Result<()> {
        require!(self.is_open(), SettlementError::CommitmentStateInvalid);
        require!(now > self.deadline, SettlementError::CosignWindowOpen);
        self.state = CommitmentState::Expired;
        Ok(())
    }

    pub fn validate_close(&self, now: i64) -> Result<()> {
        let terminal = matches!(
            self.state,
            CommitmentState::Settled | CommitmentState::Failed | CommitmentState::Expired
        );
        require!(terminal, SettlementError::CommitmentStateInvalid);
        require!(now > self.closable_at, SettlementError::CommitWindowOpen);
        Ok(())
    }

    /// The shape of the tree fits its figures; without bytes it is the empty tree.
    pub fn invariant(&self) -> Result<()> {
        validate_tree(&self.root, self.depth, self.leaf_count, self.total_bytes)
    }

    fn is_open(&self) -> bool {
        matches!(
            self.state,
            CommitmentState::Committed | CommitmentState::Seeded | CommitmentState::Proven
        )
    }
}

/// Limits of the settlement tree that can be checked without its leaves.
pub fn validate_tree(root: &[u8; 32], depth: u8, leaf_count: u32, total_bytes: u64) -> Result<()> {
    require!(
        (MIN_DEPTH..=MAX_DEPTH).contains(&depth),
        SettlementError::DepthOutOfRange
    );
    let most = 4u32.checked_shl(u32::from(depth)).unwrap_or(u32::MAX);
    require!(leaf_count <= most, SettlementError::TooManyLeaves);
    let consistent = if total_bytes == 0 {
        let empty = empty_root(depth).map_err(|_| SettlementError::DepthOutOfRange)?;
        leaf_count == 0 && *root == empty
    } else {
        leaf_count > 0
    };
    require!(consistent, SettlementError::EmptyTreeInvalid);
    Ok(())
}
