//! What a commitment is worth, locks and loses.

use super::*;

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
