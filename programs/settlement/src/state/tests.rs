use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};
use protocol_core::empty_root;

use super::*;
use crate::error::SettlementError;

fn commitment(state: CommitmentState) -> DeliveryCommitment {
    DeliveryCommitment {
        version: 1,
        bump: 255,
        contract: Pubkey::new_from_array([1; 32]),
        epoch: 3,
        kind: 0,
        root: [7; 32],
        depth: 3,
        leaf_count: 4,
        total_bytes: 1_000,
        manifest_hash: [0; 32],
        sla_summary: SlaSummary::default(),
        gross: 10,
        lock: 20,
        committed_slot: 0,
        committed_at: 100,
        seed_target_slot: 64,
        rearms: 0,
        seed: [0; 32],
        samples: 0,
        inclusion_bits: 0,
        evidence_bits: 0,
        sample_leaves: [[0; 32]; 8],
        open_challenges: 0,
        fail_reason: 0,
        state,
        rent_payer: Pubkey::new_from_array([2; 32]),
        deadline: 200,
        closable_at: 150,
        reserved: [0; 64],
    }
}

fn refused(result: Result<()>, error: SettlementError) {
    assert_eq!(result.unwrap_err(), error.into());
}

#[test]
fn layout_discriminator_and_program_id_are_pinned() {
    assert_eq!(DeliveryCommitment::INIT_SPACE, 583);
    assert_eq!(
        DeliveryCommitment::DISCRIMINATOR,
        [7, 213, 251, 201, 222, 141, 253, 224]
    );
    assert_eq!(registry::SETTLEMENT_PROGRAM_ID, crate::ID);
}

#[test]
fn a_cosignature_is_taken_until_the_deadline_and_expiry_comes_after_it() {
    for state in [
        CommitmentState::Committed,
        CommitmentState::Seeded,
        CommitmentState::Proven,
    ] {
        let mut open = commitment(state);
        refused(open.cosign(201), SettlementError::CosignTooLate);
        refused(open.expire(200), SettlementError::CosignWindowOpen);
        open.cosign(200).unwrap();
        assert_eq!(open.state, CommitmentState::CosignedFinal);
        refused(open.expire(201), SettlementError::CommitmentStateInvalid);
    }
}

#[test]
fn a_commitment_settles_once_and_only_after_its_cosignature() {
    let mut open = commitment(CommitmentState::Committed);
    refused(open.settle(), SettlementError::CommitmentStateInvalid);
    open.cosign(100).unwrap();
    open.settle().unwrap();
    refused(open.settle(), SettlementError::CommitmentStateInvalid);
    refused(open.cosign(100), SettlementError::CommitmentStateInvalid);
}

#[test]
fn only_an_ended_commitment_closes_and_only_after_its_commit_window() {
    for state in [
        CommitmentState::Settled,
        CommitmentState::Failed,
        CommitmentState::Expired,
    ] {
        refused(
            commitment(state).validate_close(150),
            SettlementError::CommitWindowOpen,
        );
        commitment(state).validate_close(151).unwrap();
    }
    let cosigned = commitment(CommitmentState::CosignedFinal);
    refused(
        cosigned.validate_close(151),
        SettlementError::CommitmentStateInvalid,
    );
}

#[test]
fn a_tree_must_be_able_to_hold_its_leaves() {
    validate_tree(&[7; 32], 1, 8, 1).unwrap();
    refused(
        validate_tree(&[7; 32], 1, 9, 1),
        SettlementError::TooManyLeaves,
    );
    refused(
        validate_tree(&[7; 32], 0, 1, 1),
        SettlementError::DepthOutOfRange,
    );
    refused(
        validate_tree(&[7; 32], 21, 1, 1),
        SettlementError::DepthOutOfRange,
    );
    refused(
        validate_tree(&[7; 32], 1, 0, 1),
        SettlementError::EmptyTreeInvalid,
    );
}

#[test]
fn without_bytes_only_the_empty_tree_passes() {
    let empty = empty_root(2).unwrap();
    validate_tree(&empty, 2, 0, 0).unwrap();
    refused(
        validate_tree(&[7; 32], 2, 0, 0),
        SettlementError::EmptyTreeInvalid,
    );
    refused(
        validate_tree(&empty, 2, 1, 0),
        SettlementError::EmptyTreeInvalid,
    );
    refused(
        validate_tree(&empty, 3, 0, 0),
        SettlementError::EmptyTreeInvalid,
    );
}
