use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};
use protocol_core::{compute_history_leaf, compute_history_root, HistoryEntry};
use registry::MARKET_PROGRAM_ID;

use super::*;
use crate::error::MarketError;

const KEY: Pubkey = Pubkey::new_from_array([9; 32]);

/// Ten epochs of 100 s from 1000 on; cap 8 Mbit/s = 100,000,000 bytes per epoch, price 0.5 per GB.
fn contract() -> Contract {
    let mut contract: Contract = bytemuck::Zeroable::zeroed();
    contract.genesis_at = 1_000;
    contract.epoch_length_secs = 100;
    contract.epoch_count = 10;
    contract.committed_kilobits_per_second = 4_000;
    contract.cap_kilobits_per_second = 8_000;
    contract.price_per_gigabyte = [500_000, 300_000, 400_000];
    contract.commit_fee_per_epoch = 1_000;
    contract.prefund_epochs = 6;
    contract.commit_delay_secs = 10;
    contract.commit_window_secs = 40;
    contract.settle_window_secs = 60;
    contract.sla.max_penalty_basis_points = 3_000;
    contract.fee_basis_points = 200;
    contract.splits[0] = Split {
        payee: KEY,
        basis_points: 3_333,
    };
    contract.splits[1] = Split {
        payee: KEY,
        basis_points: 6_667,
    };
    contract.split_count = 2;
    contract.treasury = Pubkey::new_from_array([8; 32]);
    contract.issuer = [KEY, Pubkey::default()];
    contract.slash_multiplier_basis_points = 20_000;
    contract.bond(1_000_000).unwrap();
    contract
}

fn settlement(
    gross: u64,
    penalty_basis_points: u16,
    top_up_eligible: bool,
) -> RecordSettlementArgs {
    RecordSettlementArgs {
        commitment: KEY,
        epoch: 0,
        kind: 0,
        root: [1; 32],
        total_bytes: 77,
        gross,
        lock: gross.saturating_mul(2),
        adopts_lock: false,
        penalty_basis_points,
        is_severe: false,
        top_up_eligible,
    }
}

/// Commits `bytes` of one kind in an epoch.
fn record(
    contract: &mut Contract,
    (epoch, kind): (u32, u8),
    bytes: u64,
    vault_balance: u64,
) -> Result<CommitmentRecord> {
    contract.record_commitment(&RecordCommitmentArgs { epoch, kind, bytes }, vault_balance)
}

/// Commits receipted unicast in epoch 0 and returns its gross.
fn record_gross(contract: &mut Contract, bytes: u64, vault_balance: u64) -> u64 {
    record(contract, (0, 0), bytes, vault_balance)
        .unwrap()
        .gross
}

fn refused<T: std::fmt::Debug>(result: Result<T>, error: MarketError) {
    assert_eq!(result.unwrap_err(), error.into());
}

#[test]
fn layouts_discriminators_and_program_id_are_pinned() {
    assert_eq!(MARKET_PROGRAM_ID, crate::ID);
    assert_eq!(CapacityClaim::INIT_SPACE, 194);
    assert_eq!(Offer::INIT_SPACE, 704);
    assert_eq!(Contract::INIT_SPACE, 1_793);
    assert_eq!(std::mem::size_of::<Contract>(), Contract::INIT_SPACE);
    assert_eq!(std::mem::align_of::<Contract>(), 1);
    assert_eq!(
        CapacityClaim::DISCRIMINATOR,
        [253, 83, 128, 235, 29, 137, 8, 81]
    );
    assert_eq!(Offer::DISCRIMINATOR, [215, 88, 60, 71, 170, 162, 73, 229]);
    assert_eq!(
        Contract::DISCRIMINATOR,
        [172, 138, 115, 242, 121, 67, 183, 26]
    );
}

#[test]
fn epochs_follow_one_another_from_genesis_on() {
    let contract = contract();
    assert_eq!(contract.epoch_end(0).unwrap(), 1_100);
    assert_eq!(contract.ends_at().unwrap(), 2_000);
    let ended = |at| contract.epochs_ended_by(at);
    assert_eq!(
        (ended(0), ended(1_099), ended(1_100), ended(9_999)),
        (0, 0, 1, 10)
    );
}

#[test]
fn the_reserve_covers_the_prefund_and_shrinks_when_fewer_epochs_can_still_be_committed() {
    let mut contract = contract();
    // floor(100,000,000 x 500,000 / 10^9) + 1,000
    let max_epoch_gross = 51_000;
    assert_eq!(contract.reserve(0).unwrap(), 6 * max_epoch_gross);
    // Epoch 4 ended at 1500 and can be committed until 1550, that second included.
    assert_eq!(contract.reserve(1_549).unwrap(), 6 * max_epoch_gross);
    assert_eq!(contract.reserve(1_550).unwrap(), 6 * max_epoch_gross);
    assert_eq!(contract.reserve(1_551).unwrap(), 5 * max_epoch_gross);
    assert_eq!(contract.reserve(1_651).unwrap(), 4 * max_epoch_gross);
    contract.open_gross = 7;
    assert_eq!(contract.reserve(9_999).unwrap(), 7);
}

#[test]
fn funding_decides_between_proposed_active_and_underfunded() {
    let mut contract = contract();
    contract.update_funding(305_999, 0).unwrap();
    assert_eq!(contract.state, ContractState::Proposed);
    assert_eq!(
        contract.update_funding(306_000, 0).unwrap(),
        ContractState::Proposed
    );
    assert_eq!(contract.state, ContractState::Active);
    contract.owed = [1, 0, 0, 0, 0, 0, 0, 0, 0];
    contract.update_funding(306_000, 0).unwrap();
    assert_eq!(contract.state, ContractState::Underfunded);
    contract.update_funding(306_001, 0).unwrap();
    assert_eq!(contract.state, ContractState::Active);
    assert_eq!(contract.excess(306_011, 0).unwrap(), 10);
    contract.state = ContractState::Closing;
    contract.update_funding(0, 0).unwrap();
    assert_eq!(contract.state, ContractState::Closing);
}

#[test]
fn gross_is_fixed_at_commitment_and_clipped_to_what_the_vault_can_spare() {
    let mut contract = contract();
    refused(
        record(&mut contract, (0, 0), 1, 0),
        MarketError::ContractStateInvalid,
    );
    contract.state = ContractState::Active;
    // floor(3,999 x 500,000 / 10^9) = floor(1.9995)
    assert_eq!(record_gross(&mut contract, 3_999, 100), 1);
    contract.owed = [0, 0, 0, 0, 0, 0, 0, 0, 4];
    let second = record(&mut contract, (0, 1), 90_000_000, 100).unwrap();
    assert_eq!(second, CommitmentRecord { gross: 95, lock: 0 });
    assert_eq!(
        ({ contract.open_gross }, { contract.open_commitments }),
        (96, 2)
    );
    refused(
        record(&mut contract, (0, 3), 1, 100),
        MarketError::KindUnknown,
    );
}

#[test]
fn epochs_come_in_order_each_kind_once_and_share_the_cap() {
    let mut contract = contract();
    contract.state = ContractState::Active;
    record(&mut contract, (1, 0), 60_000_000, 1_000_000).unwrap();
    for (place, error) in [
        ((0, 1), MarketError::EpochOutOfOrder),
        ((1, 0), MarketError::EpochCommitted),
    ] {
        refused(record(&mut contract, place, 1, 1_000_000), error);
    }
    let mut full = contract;
    refused(
        record(&mut full, (1, 2), 40_000_001, 1_000_000),
        MarketError::BytesAboveCap,
    );
    record(&mut contract, (1, 2), 40_000_000, 1_000_000).unwrap();
    // The next epoch has its own cap.
    record(&mut contract, (2, 2), 100_000_000, 1_000_000).unwrap();
    refused(
        record(&mut contract, (1, 1), 0, 1_000_000),
        MarketError::EpochOutOfOrder,
    );
}

#[test]
fn a_commitment_locks_bond_and_a_severe_breach_takes_of_it() {
    let mut contract = contract();
    contract.state = ContractState::Active;
    let mut poor = contract;
    poor.release_bond(1_000_000 - 19_999).unwrap();
    let mut too_poor = poor;
    refused(
        record(&mut too_poor, (0, 0), 20_000_000, 1_000_000),
        MarketError::BondTooSmall,
    );
    poor.bond(1).unwrap();
    let record = record(&mut poor, (0, 0), 20_000_000, 1_000_000).unwrap();
    assert_eq!((record.gross, record.lock), (10_000, 20_000));
    assert_eq!(({ poor.bond_free }, { poor.bond_total }), (0, 20_000));
    refused(poor.release_bond(1), MarketError::BondTooSmall);

    poor.sla.slash_basis_points = 2_500;
    let mut args = settlement(10_000, 0, false);
    args.is_severe = true;
    let outcome = poor.record_settlement(&args, 1_000_000).unwrap();
    // floor(1,000 x 2,500 / 10,000)
    assert_eq!(outcome.slashed, 250);
    assert_eq!(({ poor.bond_free }, { poor.bond_total }), (19_750, 19_750));
    assert_eq!(poor.take_slash_pending().unwrap(), 250);
    refused(poor.take_slash_pending(), MarketError::NothingToPay);
}

#[test]
fn a_lock_of_the_first_cut_becomes_bond_when_it_is_freed() {
    let mut contract = contract();
    contract.release_bond(1_000_000).unwrap();
    contract.state = ContractState::Active;
    (contract.open_gross, contract.open_commitments) = (10, 1);
    let mut args = settlement(10, 0, false);
    args.adopts_lock = true;
    contract.record_settlement(&args, 1_000).unwrap();
    assert_eq!(({ contract.bond_free }, { contract.bond_total }), (20, 20));
    contract.invariant(1_000).unwrap();
}

#[test]
fn a_failure_frees_what_is_not_slashed_and_shares_out_the_rest() {
    let mut contract = contract();
    contract.state = ContractState::Active;
    record(&mut contract, (0, 0), 20_000_000, 1_000_000).unwrap();
    contract.record_failure(10_000, 20_000, 5_000).unwrap();
    assert_eq!(
        ({ contract.bond_free }, { contract.bond_total }),
        (995_000, 995_000)
    );
    assert_eq!(
        ({ contract.open_gross }, { contract.slash_pending }),
        (0, 0)
    );
    contract.credit_slash(1_500, 1_000).unwrap();
    assert_eq!(contract.spoken_for().unwrap(), 2_500);
    contract.invariant(2_500).unwrap();
    refused(contract.invariant(2_499), MarketError::VaultTooSmall);
    contract.hold(7).unwrap();
    contract.release_held(1_507).unwrap();
    refused(contract.release_held(1), MarketError::InvariantBroken);
}

#[test]
fn a_settlement_splits_to_the_unit_and_the_dust_goes_to_the_treasury() {
    let mut contract = contract();
    contract.state = ContractState::Active;
    let gross = record_gross(&mut contract, 20_000_000, 1_000_000);
    assert_eq!(gross, 10_000);
    let outcome = contract
        .record_settlement(&settlement(gross, 1_001, true), 1_000_000)
        .unwrap();
    // 10,000 - floor(1001.0) = 8,999; fee floor(179.98) = 179; rest 8,820; floor(2939.706), floor(5880.294)
    let expected = SettlementOutcome {
        top_up: 0,
        penalty: 1_001,
        net: 8_999,
        fee: 179,
        payouts: [2_939, 5_880, 0, 0, 0, 0, 0, 0],
        treasury: 180,
        slashed: 0,
        history_size: 1,
    };
    assert_eq!(outcome, expected);
    assert_eq!(contract.owed_total().unwrap(), outcome.net);
    assert_eq!(
        ({ contract.open_gross }, { contract.open_commitments }),
        (0, 0)
    );
    assert_eq!(
        (contract.cum_bytes[0], contract.gross_total[0]),
        (77, 10_000)
    );
    contract.invariant(1_000_000).unwrap();
    refused(contract.invariant(8_998), MarketError::VaultTooSmall);
}

#[test]
fn the_top_up_reaches_the_minimum_commit_and_never_beyond_the_vault() {
    for (vault, eligible, top_up) in [(5_000, true, 900), (150, true, 50), (5_000, false, 0)] {
        let mut contract = contract();
        contract.state = ContractState::Active;
        let gross = record_gross(&mut contract, 200_000, vault);
        assert_eq!(gross, 100);
        let outcome = contract
            .record_settlement(&settlement(gross, 0, eligible), vault)
            .unwrap();
        assert_eq!((outcome.top_up, outcome.net), (top_up, 100 + top_up));
        contract.invariant(vault).unwrap();
    }
}

#[test]
fn a_penalty_beyond_the_contract_or_a_gross_that_is_not_open_is_refused() {
    let mut contract = contract();
    contract.state = ContractState::Active;
    let gross = record_gross(&mut contract, 200_000, 5_000);
    refused(
        contract.record_settlement(&settlement(gross, 3_001, false), 5_000),
        MarketError::PenaltyTooHigh,
    );
    refused(
        contract.record_void(gross + 1, 0),
        MarketError::OpenGrossTooSmall,
    );
    contract.record_void(gross, 2 * gross).unwrap();
    refused(contract.record_void(0, 0), MarketError::OpenGrossTooSmall);
}

#[test]
fn the_history_is_the_tree_of_the_settlements() {
    let mut contract = contract();
    contract.state = ContractState::Active;
    let gross = record_gross(&mut contract, 200_000, 5_000);
    let outcome = contract
        .record_settlement(&settlement(gross, 500, false), 5_000)
        .unwrap();
    let leaf = compute_history_leaf(&HistoryEntry {
        commitment: KEY.to_bytes(),
        epoch: 0,
        kind: 0,
        root: [1; 32],
        total_bytes: 77,
        gross,
        penalty: outcome.penalty,
    });
    assert_eq!(
        compute_history_root(&contract.history_frontier, contract.history_size),
        leaf
    );
}

#[test]
fn a_payout_is_taken_once_and_belongs_to_its_payee() {
    let mut contract = contract();
    contract.owed = [0, 5, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(contract.payee(1).unwrap(), KEY);
    assert_eq!(contract.payee(8).unwrap(), contract.treasury);
    contract.validate_payee(1, &KEY).unwrap();
    refused(contract.validate_payee(8, &KEY), MarketError::WrongPayee);
    refused(contract.payee(2), MarketError::PayeeIndexInvalid);
    refused(contract.take_owed(9), MarketError::PayeeIndexInvalid);
    assert_eq!(contract.take_owed(1).unwrap(), 5);
    refused(contract.take_owed(1), MarketError::NothingToPay);
}

#[test]
fn an_issuer_changes_only_for_later_epochs() {
    let (mut contract, next) = (contract(), Pubkey::new_from_array([7; 32]));
    refused(
        contract.rotate_issuer(2, next, 5, 1_250),
        MarketError::IssuerSlotInvalid,
    );
    refused(
        contract.rotate_issuer(0, next, 5, 1_250),
        MarketError::IssuerInForce,
    );
    refused(
        contract.rotate_issuer(1, next, 2, 1_250),
        MarketError::IssuerEpochInvalid,
    );
    let none = Pubkey::default();
    refused(
        contract.rotate_issuer(1, none, 5, 1_250),
        MarketError::IssuerMissing,
    );
    contract.rotate_issuer(1, next, 5, 1_250).unwrap();
    assert_eq!(
        (contract.issuer_in_force(4), contract.issuer_in_force(5)),
        (0, 1)
    );
    refused(
        contract.rotate_issuer(1, next, 4, 1_250),
        MarketError::IssuerEpochInvalid,
    );
    refused(
        contract.rotate_issuer(1, next, 6, 1_500),
        MarketError::IssuerInForce,
    );
    contract.rotate_issuer(0, next, 6, 1_500).unwrap();
    assert_eq!(
        (contract.issuer_in_force(5), contract.issuer_in_force(6)),
        (1, 0)
    );
}

#[test]
fn a_contract_closes_after_its_last_epoch_and_settles_after_its_window() {
    let mut contract = contract();
    refused(
        contract.begin_closing(2_000),
        MarketError::ContractStateInvalid,
    );
    contract.state = ContractState::Underfunded;
    refused(contract.begin_closing(1_999), MarketError::ContractNotOver);
    refused(contract.finish(9_999), MarketError::ContractStateInvalid);
    contract.begin_closing(2_000).unwrap();
    refused(contract.finish(2_059), MarketError::SettleWindowOpen);
    contract.open_commitments = 1;
    refused(contract.finish(2_060), MarketError::CommitmentsOpen);
    contract.open_commitments = 0;
    contract.finish(2_060).unwrap();
    assert!(contract.is_terminal());
    refused(contract.cancel(), MarketError::ContractStateInvalid);
}

#[test]
fn splits_are_one_to_eight_with_payees_and_add_up() {
    let split = |basis_points| Split {
        payee: KEY,
        basis_points,
    };
    assert_eq!(place_splits(&[split(4_000), split(6_000)]).unwrap().1, 2);
    refused(place_splits(&[split(9_999)]), MarketError::SplitsInvalid);
    refused(place_splits(&[]), MarketError::SplitsInvalid);
    let nobody = Split {
        payee: Pubkey::default(),
        basis_points: 10_000,
    };
    refused(place_splits(&[nobody]), MarketError::PayeeMissing);
}

#[test]
fn unknown_metrics_and_footprints_are_refused() {
    let mut sla = Sla::default();
    sla.tiers[7] = SlaTier {
        metric: 4,
        threshold: 0,
        basis_points: 1,
    };
    refused(sla.validate(), MarketError::SlaInvalid);
    let host_bits = Footprint {
        kind: 1,
        prefix_length: 8,
        value: [127; 16],
    };
    refused(host_bits.validate(), MarketError::FootprintNotCanonical);
    Footprint::default().validate().unwrap();
}

#[test]
fn a_termination_leaves_the_present_epoch_and_the_notice() {
    let mut contract = contract();
    contract.epoch_count = 100;
    refused(
        contract.terminate(24, 1_250),
        MarketError::ContractStateInvalid,
    );
    contract.state = ContractState::Underfunded;
    refused(contract.terminate(23, 1_250), MarketError::NoticeTooShort);
    // Epoch 2 runs from 1200 on: it and 24 more.
    assert_eq!(contract.terminate(24, 1_250).unwrap(), 100);
    assert_eq!({ contract.epoch_count }, 27);
    assert_eq!(contract.ends_at().unwrap(), 3_700);
    refused(
        contract.terminate(24, 1_299),
        MarketError::TerminationTooLate,
    );
    refused(
        contract.terminate(u32::MAX, 1_299),
        MarketError::AmountOverflow,
    );
    // Before it begins, the present epoch is the first.
    contract.epoch_count = 26;
    contract.terminate(24, 0).unwrap();
    assert_eq!({ contract.epoch_count }, 25);
}
