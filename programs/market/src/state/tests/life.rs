//! A contract from its first epoch to its end.

use super::*;

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
