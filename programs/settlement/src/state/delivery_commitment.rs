use anchor_lang::prelude::*;
use market::{Contract, KIND_COSIGNED};
use protocol_core::{compute_sample_count, empty_root, MAX_DEPTH, MIN_DEPTH};
use registry::RESERVED_BYTES;

use crate::constants::{COMMITMENT_VERSION, KIND_RECEIPTED, MAX_SAMPLES};
use crate::error::SettlementError;

/// What is left of the first cut's reserve.
pub const COMMITMENT_RESERVED_BYTES: usize = RESERVED_BYTES - 13;

/// Protocol 6.7. `Seeded` to `Final` belong to sampling and challenges.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
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
#[zero_copy(unsafe)]
#[repr(C, packed)]
#[derive(InitSpace, Debug, Default, PartialEq, Eq)]
pub struct SlaSummary {
    pub availability_ppm: u32,
    pub error_ppm: u32,
    pub ttfb_p95_ms: u16,
    pub stall_ppm: u32,
    pub sessions: u32,
}

impl AnchorSerialize for SlaSummary {
    fn serialize<W: std::io::Write>(&self, writer: &mut W) -> std::io::Result<()> {
        let Self {
            availability_ppm,
            error_ppm,
            ttfb_p95_ms,
            stall_ppm,
            sessions,
        } = *self;
        (
            availability_ppm,
            error_ppm,
            ttfb_p95_ms,
            stall_ppm,
            sessions,
        )
            .serialize(writer)
    }
}

impl AnchorDeserialize for SlaSummary {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let (availability_ppm, error_ppm, ttfb_p95_ms, stall_ppm, sessions) =
            AnchorDeserialize::deserialize_reader(reader)?;
        Ok(Self {
            availability_ppm,
            error_ppm,
            ttfb_p95_ms,
            stall_ppm,
            sessions,
        })
    }
}

impl SlaSummary {
    pub fn of_core(summary: &protocol_core::SlaSummary) -> Self {
        Self {
            availability_ppm: summary.availability_ppm,
            error_ppm: summary.error_ppm,
            ttfb_p95_ms: summary.ttfb_p95_ms,
            stall_ppm: summary.stall_ppm,
            sessions: summary.sessions,
        }
    }

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
///
/// Read and written in place, laid out as Borsh would (docs/decisions/0014). Only this program writes the bytes, so that
/// `state` always holds a state.
#[account(zero_copy(unsafe))]
#[repr(C, packed)]
#[derive(InitSpace, Debug, PartialEq)]
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
    /// When the seed was drawn; proofs are due `prove_window_secs` later.
    pub seeded_at: i64,
    pub sla_source: SlaSource,
    /// Challenges that the content provider has opened without bond.
    pub free_challenges: u8,
    /// Challenges opened so far: numbers their accounts.
    pub challenge_count: u16,
    /// Auditors' reports so far.
    pub report_count: u8,
    pub reserved: [u8; COMMITMENT_RESERVED_BYTES],
}

/// Whose word the service quality is.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SlaSource {
    /// The seller's: never enough for the minimum commit.
    Seller,
    /// Accepted by the content provider.
    Cosigned,
    /// The median of a quorum of auditors.
    Reports,
}

/// Why a commitment failed, as `fail_reason` holds it; 0 while it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FailReason {
    ChallengeUnanswered = 1,
    EvidenceMissing = 2,
}

impl DeliveryCommitment {
    /// The content provider accepts the figures.
    pub fn cosign(&mut self, now: i64) -> Result<()> {
        require!(self.is_open(), SettlementError::CommitmentStateInvalid);
        require!(now <= self.deadline, SettlementError::CosignTooLate);
        self.state = CommitmentState::CosignedFinal;
        if self.sla_source == SlaSource::Seller {
            self.sla_source = SlaSource::Cosigned;
        }
        Ok(())
    }

    /// Final by co-signature, or proven and unchallenged once the time for challenges is over.
    pub fn settle(&mut self, now: i64, contract: &Contract) -> Result<()> {
        match self.state {
            CommitmentState::CosignedFinal => {}
            CommitmentState::Proven => {
                let final_at = self
                    .committed_at
                    .saturating_add(i64::from(contract.challenge_window_secs));
                require!(now >= final_at, SettlementError::ChallengeWindowOpen);
                require!(self.open_challenges == 0, SettlementError::ChallengesOpen);
                let is_resolved = self.sla_source == SlaSource::Reports
                    || self.report_count < contract.sla.quorum.max(1);
                require!(is_resolved, SettlementError::ReportsUnresolved);
            }
            _ => return err!(SettlementError::CommitmentStateInvalid),
        }
        self.state = CommitmentState::Settled;
        Ok(())
    }

    /// Nobody accepted it in time, and it was never sampled.
    pub fn expire(&mut self, now: i64) -> Result<()> {
        let is_unproven = self.state == CommitmentState::Committed
            || (self.kind == KIND_COSIGNED && self.is_open());
        require!(is_unproven, SettlementError::CommitmentStateInvalid);
        require!(now > self.deadline, SettlementError::CosignWindowOpen);
        self.state = CommitmentState::Expired;
        Ok(())
    }

    /// Receipted deliveries may be challenged until they are settled, failed or accepted.
    pub fn validate_challengeable(&self) -> Result<()> {
        require!(self.kind != KIND_COSIGNED, SettlementError::KindNotSampled);
        require!(self.is_open(), SettlementError::CommitmentStateInvalid);
        Ok(())
    }

    pub fn open_challenge(&mut self, is_free: bool) -> Result<()> {
        self.open_challenges = self
            .open_challenges
            .checked_add(1)
            .ok_or(SettlementError::TooManyChallenges)?;
        self.challenge_count = self
            .challenge_count
            .checked_add(1)
            .ok_or(SettlementError::TooManyChallenges)?;
        if is_free {
            self.free_challenges = self.free_challenges.saturating_add(1);
        }
        Ok(())
    }

    pub fn end_challenge(&mut self) -> Result<()> {
        self.open_challenges = self
            .open_challenges
            .checked_sub(1)
            .ok_or(SettlementError::ChallengeStateInvalid)?;
        Ok(())
    }

    /// Whether evidence is missing after its time.
    pub fn validate_proofs_due(&self, now: i64, prove_window_secs: u32) -> Result<()> {
        let due_at = self.seeded_at.saturating_add(i64::from(prove_window_secs));
        let is_late = self.state == CommitmentState::Seeded && now > due_at;
        require!(is_late, SettlementError::ProofsNotDue);
        Ok(())
    }

    pub fn fail(&mut self, reason: FailReason) -> Result<()> {
        require!(self.is_open(), SettlementError::CommitmentStateInvalid);
        self.state = CommitmentState::Failed;
        self.fail_reason = reason as u8;
        Ok(())
    }

    pub fn validate_close(&self, now: i64) -> Result<()> {
        require!(self.is_terminal(), SettlementError::CommitmentStateInvalid);
        require!(self.open_challenges == 0, SettlementError::ChallengesOpen);
        require!(now > self.closable_at, SettlementError::CommitWindowOpen);
        Ok(())
    }

    /// Whether the first cut wrote it: its lock then stands in the registry and not in the contract's bond.
    pub fn is_first_cut(&self) -> bool {
        self.version < COMMITMENT_VERSION
    }

    /// Receipted unicast whose quality is not the seller's word alone.
    pub fn may_be_topped_up(&self) -> bool {
        self.kind == KIND_RECEIPTED && self.sla_source != SlaSource::Seller
    }

    pub fn is_terminal(&self) -> bool {
        matches!(
            self.state,
            CommitmentState::Settled | CommitmentState::Failed | CommitmentState::Expired
        )
    }

    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            CommitmentState::Committed | CommitmentState::Seeded | CommitmentState::Proven
        )
    }

    /// Leaves to be proved: more where more money is at stake (protocol 6.15).
    pub fn sample_count(&self) -> u8 {
        if self.kind == KIND_COSIGNED || self.total_bytes == 0 {
            return 0;
        }
        compute_sample_count(self.gross)
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
