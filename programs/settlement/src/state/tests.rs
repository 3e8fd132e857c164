use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};
use market::Contract;
use protocol_core::empty_root;

use super::*;
use crate::error::SettlementError;

fn commitment(state: CommitmentState) -> DeliveryCommitment {
    DeliveryCommitment {
        version: 2,
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
        seeded_at: 0,
        sla_source: SlaSource::Seller,
        free_challenges: 0,
        challenge_count: 0,
        report_count: 0,
        reserved: [0; COMMITMENT_RESERVED_BYTES],
    }
}

fn refused(result: Result<()>, error: SettlementError) {
    assert_eq!(result.unwrap_err(), error.into());
}

#[test]
fn layout_discriminator_and_program_id_are_pinned() {
    assert_eq!(DeliveryCommitment::INIT_SPACE, 583);
    assert_eq!(std::mem::size_of::<DeliveryCommitment>(), 583);
    assert_eq!(std::mem::align_of::<DeliveryCommitment>(), 1);
    assert_eq!(
        DeliveryCommitment::DISCRIMINATOR,
        [7, 213, 251, 201, 222, 141, 253, 224]
    );
    assert_eq!(registry::SETTLEMENT_PROGRAM_ID, crate::ID);
}

/// A contract whose challenges end 50 s after a commitment.
fn contract() -> Contract {
    let mut contract: Contract = bytemuck::Zeroable::zeroed();
    contract.challenge_window_secs = 50;
    contract
}

#[test]
fn a_cosignature_is_taken_until_the_deadline() {
    for state in [
        CommitmentState::Committed,
        CommitmentState::Seeded,
        CommitmentState::Proven,
    ] {
        let mut open = commitment(state);
        refused(open.cosign(201), SettlementError::CosignTooLate);
        open.cosign(200).unwrap();
        assert_eq!(open.state, CommitmentState::CosignedFinal);
        assert_eq!(open.sla_source, SlaSource::Cosigned);
        assert!(open.may_be_topped_up());
        refused(open.expire(201), SettlementError::CommitmentStateInvalid);
    }
}

#[test]
fn what_was_never_sampled_expires_after_the_deadline() {
    for (state, kind, expires) in [
        (CommitmentState::Committed, 0, true),
        (CommitmentState::Committed, 1, true),
        (CommitmentState::Proven, 1, true),
        (CommitmentState::Seeded, 0, false),
        (CommitmentState::Proven, 2, false),
        (CommitmentState::CosignedFinal, 1, false),
    ] {
        let mut open = commitment(state);
        open.kind = kind;
        if !expires {
            refused(open.expire(201), SettlementError::CommitmentStateInvalid);
            continue;
        }
        refused(open.expire(200), SettlementError::CosignWindowOpen);
        open.expire(201).unwrap();
        assert_eq!(open.state, CommitmentState::Expired);
    }
}

#[test]
fn a_commitment_settles_once_by_cosignature_or_by_proof_when_challenges_are_over() {
    let mut open = commitment(CommitmentState::Committed);
    let settle = |open: &mut DeliveryCommitment, now| open.settle(now, &contract());
    refused(
        settle(&mut open, 150),
        SettlementError::CommitmentStateInvalid,
    );
    open.cosign(100).unwrap();
    settle(&mut open, 100).unwrap();
    refused(
        settle(&mut open, 100),
        SettlementError::CommitmentStateInvalid,
    );
    refused(open.cosign(100), SettlementError::CommitmentStateInvalid);

    let mut proven = commitment(CommitmentState::Proven);
    refused(
        settle(&mut proven, 149),
        SettlementError::ChallengeWindowOpen,
    );
    proven.open_challenges = 1;
    refused(settle(&mut proven, 150), SettlementError::ChallengesOpen);
    proven.open_challenges = 0;
    settle(&mut proven, 150).unwrap();
    assert!(!proven.may_be_topped_up());
}

#[test]
fn more_money_proves_more_leaves_and_nothing_proves_none() {
    let mut open = commitment(CommitmentState::Committed);
    let mut count = |gross, kind, total_bytes| {
        (open.gross, open.kind, open.total_bytes) = (gross, kind, total_bytes);
        open.sample_count()
    };
    assert_eq!((count(999_999, 0, 1), count(1_000_000, 2, 1)), (2, 4));
    assert_eq!(count(100_000_000, 0, 1), 8);
    assert_eq!((count(100_000_000, 1, 1), count(0, 0, 0)), (0, 0));
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
