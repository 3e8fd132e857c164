use anchor_lang::prelude::*;
use protocol_core::{
    compute_rearmed_sample_count, sha256, verify_inclusion, InclusionProof, TreeCommitment,
};

use crate::constants::MAX_REARMS;
use crate::error::SettlementError;
use crate::state::{CommitmentState, DeliveryCommitment};
use market::KIND_COSIGNED;

impl DeliveryCommitment {
    /// Only what is sampled waits for a seed.
    pub fn validate_seedable(&self) -> Result<()> {
        require!(self.kind != KIND_COSIGNED, SettlementError::KindNotSampled);
        require!(
            self.state == CommitmentState::Committed,
            SettlementError::CommitmentStateInvalid
        );
        Ok(())
    }

    pub fn seed(&mut self, seed: [u8; 32], now: i64) {
        self.seed = seed;
        self.seeded_at = now;
        // The first cut did not count samples.
        if self.samples == 0 {
            self.samples = self.sample_count();
        }
        self.state = CommitmentState::Seeded;
    }

    /// A missed seed costs: twice the samples at the next.
    pub fn rearm(&mut self, seed_target_slot: u64) -> Result<()> {
        require!(self.rearms < MAX_REARMS, SettlementError::RearmsExhausted);
        self.rearms = self.rearms.saturating_add(1);
        self.samples = compute_rearmed_sample_count(self.samples);
        self.seed_target_slot = seed_target_slot;
        Ok(())
    }

    /// Verifies that the leaf is in the tree and covers `target`; returns its hash.
    pub fn verify_leaf(
        &self,
        target: u64,
        leaf: &[u8],
        others: &[u8],
        path: &[u8],
    ) -> Result<[u8; 32]> {
        let tree = TreeCommitment {
            root: self.root,
            total_bytes: self.total_bytes,
            depth: self.depth,
        };
        let proof = InclusionProof { leaf, others, path };
        verify_inclusion(&tree, target, &proof)
            .map(|included| included.leaf_hash)
            .map_err(|_| SettlementError::InclusionInvalid.into())
    }

    pub fn record_inclusion(&mut self, index: u8, leaf_hash: [u8; 32]) -> Result<()> {
        let place = self
            .sample_leaves
            .get_mut(usize::from(index))
            .ok_or(SettlementError::SampleIndexInvalid)?;
        *place = leaf_hash;
        self.inclusion_bits |= bit(index);
        Ok(())
    }

    /// The leaf is the one that was proved for this sample.
    pub fn validate_included(&self, index: u8, leaf: &[u8]) -> Result<()> {
        require!(index < self.samples, SettlementError::SampleIndexInvalid);
        require!(
            self.inclusion_bits & bit(index) != 0,
            SettlementError::InclusionMissing
        );
        let proved = self
            .sample_leaves
            .get(usize::from(index))
            .ok_or(SettlementError::SampleIndexInvalid)?;
        require!(
            *proved == sha256(&[&[0x00], leaf]),
            SettlementError::LeafMismatch
        );
        Ok(())
    }

    /// The last evidence makes the commitment proven.
    pub fn record_evidence(&mut self, index: u8) {
        self.evidence_bits |= bit(index);
        if self.missing_evidence() == 0 {
            self.state = CommitmentState::Proven;
        }
    }

    /// Samples whose evidence is still to come.
    pub fn missing_evidence(&self) -> u32 {
        u32::from(self.samples).saturating_sub({ self.evidence_bits }.count_ones())
    }
}

fn bit(index: u8) -> u16 {
    1u16.checked_shl(u32::from(index)).unwrap_or(0)
}
