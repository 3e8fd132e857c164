//! What a settlement comes to, and what is paid out of it.

use protocol_core::{compute_history_leaf, compute_history_root, HistoryEntry};

use super::*;

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
