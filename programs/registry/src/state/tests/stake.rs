//! Where stake may go, and what losing it means.
use super::{participant, refused};
use crate::constants::*;
use crate::error::RegistryError;
use crate::state::*;

#[test]
fn stake_moves_only_between_its_places() {
    let mut seller = participant();
    seller.credit_stake(100).unwrap();
    seller.lock_stake(60).unwrap();
    refused(seller.lock_stake(41), RegistryError::FreeStakeTooSmall);
    assert_eq!(seller.request_unbond(30, 50).unwrap(), 0);
    assert_eq!(seller.request_unbond(10, 60).unwrap(), 1);
    assert_eq!((seller.stake_free, seller.stake_locked), (0, 60));
    assert_eq!(seller.total_stake().unwrap(), 100);
    refused(
        seller.withdraw_unbonded(0, 49),
        RegistryError::UnbondNotReady,
    );
    assert_eq!(seller.cancel_unbond(1).unwrap(), 10);
    refused(seller.cancel_unbond(1), RegistryError::UnbondSlotEmpty);
    refused(seller.cancel_unbond(4), RegistryError::UnbondSlotEmpty);
    seller.unlock_stake(60).unwrap();
    refused(seller.unlock_stake(1), RegistryError::LockedStakeTooSmall);
    assert_eq!((seller.stake_free, seller.stake_locked), (70, 0));
    seller.invariant().unwrap();
}

#[test]
fn more_than_half_of_the_stake_lost_within_thirty_days_jails() {
    let day = 86_400;
    let mut seller = participant();
    seller.credit_stake(100).unwrap();
    seller.lock_stake(100).unwrap();
    refused(seller.slash_stake(0, day), RegistryError::AmountZero);
    refused(
        seller.slash_stake(101, day),
        RegistryError::LockedStakeTooSmall,
    );
    seller.slash_stake(50, 40 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Active);
    refused(
        seller.leave_jail(99 * day),
        RegistryError::ParticipantNotJailed,
    );
    seller.slash_stake(1, 69 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Jailed);
    assert_eq!((seller.stake_locked, seller.slashed_total), (49, 51));
    refused(
        seller.leave_jail(70 * day - 1),
        RegistryError::JailNotServed,
    );
    seller.leave_jail(70 * day).unwrap();
    // A new window counts anew: 24 of 49 is less than half, 25 is more.
    seller.slash_stake(24, 70 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Active);
    seller.slash_stake(1, 70 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Jailed);
}

#[test]
fn an_unbonding_amount_is_paid_out_once_from_its_moment_on() {
    let mut seller = participant();
    seller.credit_stake(5).unwrap();
    seller.request_unbond(5, 50).unwrap();
    assert_eq!(seller.withdraw_unbonded(0, 50).unwrap(), 5);
    refused(
        seller.withdraw_unbonded(0, 50),
        RegistryError::UnbondSlotEmpty,
    );
    assert_eq!(seller.total_stake().unwrap(), 0);
}

#[test]
fn a_fifth_unbonding_is_refused() {
    let mut seller = participant();
    seller.credit_stake(5).unwrap();
    for _ in 0..MAX_UNBONDING {
        seller.request_unbond(1, 1).unwrap();
    }
    refused(seller.request_unbond(1, 1), RegistryError::UnbondSlotsFull);
    refused(seller.request_unbond(0, 1), RegistryError::AmountZero);
}
