use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};

use super::*;
use crate::constants::{MAX_BIDS, MAX_CLAIMS, PRICE_HISTORY_LENGTH};
use crate::error::MarketError;
use registry::{ACCOUNT_VERSION, BASIS_POINTS, RESERVED_BYTES};

/// A change to a lot, and what refuses it.
type Case = (fn(&mut Lot), MarketError);

const LOT: Pubkey = Pubkey::new_from_array([7; 32]);
const SALT: [u8; 16] = [1; 16];

const LOT_DISCRIMINATOR: [u8; 8] = [2, 198, 93, 153, 205, 31, 101, 252];
const BID_DISCRIMINATOR: [u8; 8] = [143, 246, 48, 245, 42, 145, 180, 88];
const PRICE_HISTORY_DISCRIMINATOR: [u8; 8] = [38, 241, 40, 19, 42, 228, 93, 152];
const BOUNTY_DISCRIMINATOR: [u8; 8] = [237, 16, 105, 198, 19, 69, 242, 234];

fn key(place: u8) -> Pubkey {
    Pubkey::new_from_array([place; 32])
}

/// Six units of 50 Mbit/s, phases of 100 s from 0 on, three epochs of 10 s from 300 on.
fn lot() -> Lot {
    let data = vec![0u8; Lot::INIT_SPACE];
    let mut lot = Lot::deserialize(&mut data.as_slice()).unwrap();
    lot.issuer = key(1);
    lot.delivery_methods = UNICAST;
    lot.kilobits_per_second = 300_000;
    lot.unit_kilobits_per_second = 50_000;
    lot.cap_basis_points = 15_000;
    lot.epoch_count = 3;
    lot.epoch_length_secs = 10;
    lot.genesis_at = 300;
    lot.reserve_price_per_gigabyte = 9_000;
    lot.bid_deposit = 1;
    lot.commit_ends_at = 100;
    lot.reveal_ends_at = 200;
    lot
}

fn standing(place: u8, price_per_gigabyte: u64, units: u64) -> Standing {
    Standing {
        bidder: key(place),
        price_per_gigabyte,
        kilobits_per_second: units.saturating_mul(50_000),
        awarded_kilobits_per_second: 0,
    }
}

/// A lot with these revealed bids of (price, units), cleared.
fn cleared(bids: &[(u64, u64)]) -> Lot {
    let mut lot = lot();
    for (place, (price, units)) in bids.iter().enumerate() {
        let bid = standing(u8::try_from(place).unwrap(), *price, *units);
        lot.reveal(bid, &LOT, &SALT, 150).unwrap();
        lot.invariant().unwrap();
    }
    lot.clear(&LOT, 200).unwrap();
    lot.invariant().unwrap();
    lot
}

fn awards(lot: &Lot) -> Vec<(u64, u64)> {
    lot.standings
        .iter()
        .map(|standing| {
            let awarded = standing.awarded_kilobits_per_second / 50_000;
            (standing.price_per_gigabyte, awarded)
        })
        .collect()
}

fn refused<T: std::fmt::Debug>(result: Result<T>, error: MarketError) {
    assert_eq!(result.unwrap_err(), error.into());
}

#[test]
fn layouts_and_discriminators_are_pinned() {
    assert_eq!(Lot::INIT_SPACE, 4_070);
    assert_eq!(Bid::INIT_SPACE, 444);
    assert_eq!(PriceHistory::INIT_SPACE, 893);
    assert_eq!(Bounty::INIT_SPACE, 1_344);
    assert_eq!(Lot::DISCRIMINATOR, LOT_DISCRIMINATOR);
    assert_eq!(Bid::DISCRIMINATOR, BID_DISCRIMINATOR);
    assert_eq!(PriceHistory::DISCRIMINATOR, PRICE_HISTORY_DISCRIMINATOR);
    assert_eq!(Bounty::DISCRIMINATOR, BOUNTY_DISCRIMINATOR);
}

#[test]
fn a_lot_is_whole_units_and_phases_of_an_epoch_at_least() {
    lot().validate(0).unwrap();
    lot().validate(90).unwrap();
    refused(lot().validate(91), MarketError::LotTimesInvalid);
    let changed = |change: fn(&mut Lot)| {
        let mut lot = lot();
        change(&mut lot);
        lot.validate(0)
    };
    let cases: [Case; 8] = [
        (|lot| lot.reveal_ends_at = 109, MarketError::LotTimesInvalid),
        (|lot| lot.genesis_at = 209, MarketError::LotTimesInvalid),
        (
            |lot| lot.kilobits_per_second = 100_000,
            MarketError::LotSizeInvalid,
        ),
        (
            |lot| lot.unit_kilobits_per_second = 0,
            MarketError::LotSizeInvalid,
        ),
        (
            |lot| lot.cap_basis_points = 9_999,
            MarketError::CapShareInvalid,
        ),
        (
            |lot| lot.reserve_price_per_gigabyte = 0,
            MarketError::PriceZero,
        ),
        (|lot| lot.bid_deposit = 0, MarketError::AmountZero),
        (|lot| lot.epoch_count = 0, MarketError::EpochCountInvalid),
    ];
    for (change, error) in cases {
        refused(changed(change), error);
    }
    assert_eq!(lot().cap(100_001).unwrap(), 150_001);
    assert_eq!(lot().ends_at().unwrap(), 330);
}

#[test]
fn one_seller_bids_for_a_third_of_the_units_rounded_down() {
    assert_eq!(lot().most_per_bidder(), 100_000);
    let mut wide = lot();
    wide.kilobits_per_second = 400_000;
    assert_eq!(wide.most_per_bidder(), 100_000);
    let reveal = |bid| lot().reveal(bid, &LOT, &SALT, 150);
    reveal(standing(1, 9_000, 2)).unwrap();
    refused(
        reveal(standing(1, 9_000, 3)),
        MarketError::BidQuantityInvalid,
    );
    refused(
        reveal(standing(1, 9_000, 0)),
        MarketError::BidQuantityInvalid,
    );
    refused(reveal(standing(1, 9_001, 1)), MarketError::BidPriceInvalid);
    refused(reveal(standing(1, 0, 1)), MarketError::BidPriceInvalid);
    let early = lot().reveal(standing(1, 1, 1), &LOT, &SALT, 99);
    refused(early, MarketError::LotPhaseWrong);
}

#[test]
fn winners_are_the_cheapest_and_are_paid_the_first_rejected_price() {
    let lot = cleared(&[(7_000, 2), (5_000, 2), (8_000, 1), (6_000, 2)]);
    assert_eq!(
        awards(&lot),
        [(5_000, 2), (6_000, 2), (7_000, 2), (8_000, 0)]
    );
    assert_eq!(lot.clearing_price_per_gigabyte, 8_000);
    assert_eq!(lot.awarded_kilobits_per_second, 300_000);
    let partly = cleared(&[(5_000, 2), (6_000, 2), (7_000, 1), (8_000, 2)]);
    assert_eq!(awards(&partly).last(), Some(&(8_000, 1)));
    assert_eq!(partly.clearing_price_per_gigabyte, 8_000);
    let all = cleared(&[(5_000, 2)]);
    assert_eq!(all.clearing_price_per_gigabyte, 9_000);
    assert_eq!(all.awarded_kilobits_per_second, 100_000);
}

#[test]
fn equal_prices_are_ranked_by_the_seed_and_no_order_of_reveals_changes_it() {
    let bids: Vec<Standing> = (0..8).map(|place| standing(place, 5_000, 1)).collect();
    let ranked = |order: &[Standing], salt: u8| {
        let mut lot = lot();
        for bid in order {
            lot.reveal(*bid, &LOT, &[salt; 16], 150).unwrap();
        }
        lot.clear(&LOT, 200).unwrap();
        lot.standings
            .iter()
            .map(|standing| standing.bidder)
            .collect::<Vec<_>>()
    };
    let backwards: Vec<Standing> = bids.iter().rev().copied().collect();
    assert_eq!(ranked(&bids, 1), ranked(&backwards, 1));
    assert_ne!(ranked(&bids, 1), ranked(&bids, 2));
}

#[test]
fn sixty_four_bids_are_admitted_and_ranked() {
    let mut lot = lot();
    for place in 0..MAX_BIDS {
        lot.admit(99).unwrap();
        let bid = standing(u8::try_from(place).unwrap(), 9_000 - place as u64, 1);
        lot.reveal(bid, &LOT, &SALT, 150).unwrap();
    }
    refused(lot.admit(99), MarketError::LotFull);
    refused(self::lot().admit(100), MarketError::LotPhaseWrong);
    refused(
        lot.reveal(standing(99, 1, 1), &LOT, &SALT, 150),
        MarketError::LotFull,
    );
    lot.clear(&LOT, 200).unwrap();
    assert_eq!(awards(&lot)[..2], [(8_937, 1), (8_938, 1)]);
    refused(lot.clear(&LOT, 200), MarketError::LotCleared);
}

#[test]
fn an_award_is_taken_once_and_before_genesis() {
    let mut lot = cleared(&[(5_000, 2), (6_000, 2), (7_000, 2), (8_000, 2)]);
    refused(lot.take_award(&key(0), 300), MarketError::LotPhaseWrong);
    assert_eq!(lot.take_award(&key(0), 299).unwrap(), 100_000);
    refused(lot.take_award(&key(0), 299), MarketError::NothingAwarded);
    refused(lot.take_award(&key(3), 299), MarketError::NothingAwarded);
    refused(lot.take_award(&key(9), 299), MarketError::NothingAwarded);
    refused(
        self::lot().take_award(&key(0), 299),
        MarketError::LotNotCleared,
    );
}

fn bid(place: u8, status: BidStatus) -> Bid {
    Bid {
        version: ACCOUNT_VERSION,
        bump: 255,
        lot: LOT,
        bidder: key(place),
        rent_payer: key(place),
        commitment: [0; 32],
        deposit: 5,
        status,
        price_per_gigabyte: 5_000,
        kilobits_per_second: 100_000,
        claims: [Pubkey::default(); MAX_CLAIMS],
        claim_shares: [60_000, 30_000, 10_000, 0],
        claim_count: 3,
        node_set_hash: [0; 32],
        contract: Pubkey::default(),
        reserved: [0; RESERVED_BYTES],
    }
}

#[test]
fn a_deposit_is_due_to_one_side_and_never_stays_bound() {
    use BidStatus::{Awarded, Committed, Revealed};
    let open = lot();
    let sold = cleared(&[(5_000, 2), (6_000, 2), (7_000, 2), (8_000, 2)]);
    let (bidder, buyer) = (DepositOwner::Bidder, DepositOwner::ContentProvider);
    let due =
        |place, status, lot: &Lot, active, now| bid(place, status).deposit_owner(lot, active, now);
    refused(
        due(0, Committed, &open, true, 199),
        MarketError::DepositBound,
    );
    assert_eq!(due(0, Committed, &open, true, 200).unwrap(), buyer);
    assert_eq!(due(0, Committed, &sold, true, 200).unwrap(), buyer);
    refused(
        due(0, Revealed, &open, true, 299),
        MarketError::DepositBound,
    );
    assert_eq!(due(0, Revealed, &open, true, 300).unwrap(), bidder);
    assert_eq!(due(3, Revealed, &sold, true, 200).unwrap(), bidder);
    refused(
        due(0, Revealed, &sold, true, 299),
        MarketError::DepositBound,
    );
    assert_eq!(due(0, Revealed, &sold, true, 300).unwrap(), buyer);
    refused(
        due(0, Revealed, &sold, false, 299),
        MarketError::DepositBound,
    );
    assert_eq!(due(0, Revealed, &sold, false, 300).unwrap(), bidder);
    assert_eq!(due(0, Awarded, &sold, true, 200).unwrap(), bidder);
}

#[test]
fn an_award_becomes_an_offer_at_the_clearing_price_with_the_first_claims() {
    let sold = cleared(&[(5_000, 2), (6_000, 2), (7_000, 1), (8_000, 2)]);
    let bid = bid(3, BidStatus::Revealed);
    assert_eq!(bid.cut_shares(50_000), [50_000, 0, 0, 0]);
    assert_eq!(bid.cut_shares(65_000), [60_000, 5_000, 0, 0]);
    assert_eq!(bid.cut_shares(100_000), bid.claim_shares);
    let offer = bid.to_offer(&sold, key(8), 50_000);
    assert_eq!(offer.price_per_gigabyte, [8_000, 8_000, 0]);
    assert_eq!(offer.splits[0].payee, key(8));
    assert_eq!({ offer.splits[0].basis_points }, BASIS_POINTS);
    assert_eq!((offer.split_count, offer.claim_count), (1, 3));
    assert_eq!(uniform_prices(9, MULTICAST), [0, 0, 9]);
    assert_eq!(uniform_prices(9, ALL_METHODS), [9, 9, 9]);
}

#[test]
fn a_commitment_binds_lot_bidder_price_quantity_and_salt() {
    let of = |lot, bidder, price, quantity, salt| {
        compute_bid_commitment(&key(lot), &key(bidder), price, quantity, &[salt; 16])
    };
    let bid = of(1, 2, 3, 4, 5);
    for other in [
        of(9, 2, 3, 4, 5),
        of(1, 9, 3, 4, 5),
        of(1, 2, 9, 4, 5),
        of(1, 2, 3, 9, 5),
        of(1, 2, 3, 4, 9),
    ] {
        assert_ne!(bid, other);
    }
}

#[test]
fn a_price_history_keeps_the_last_clearings() {
    let data = vec![0u8; PriceHistory::INIT_SPACE];
    let mut history = PriceHistory::deserialize(&mut data.as_slice()).unwrap();
    for count in 0..40u64 {
        let clearing = Clearing {
            price_per_gigabyte: count,
            kilobits_per_second: 1,
            at: 0,
        };
        history.record(clearing).unwrap();
    }
    assert_eq!(history.count, 40);
    assert_eq!(history.clearings[7].price_per_gigabyte, 39);
    assert_eq!(history.clearings[8].price_per_gigabyte, 8);
    assert_eq!(history.clearings.len(), PRICE_HISTORY_LENGTH);
}

#[test]
fn methods_older_than_the_field_are_unicast_and_prices_need_their_method() {
    assert_eq!(stored_methods(0), UNICAST);
    assert_eq!(stored_methods(MULTICAST), MULTICAST);
    refused(check_methods(0), MarketError::DeliveryMethodsInvalid);
    refused(check_methods(4), MarketError::DeliveryMethodsInvalid);
    check_methods(ALL_METHODS).unwrap();
    check_prices(&[1, 1, 0], UNICAST).unwrap();
    check_prices(&[0, 0, 1], MULTICAST).unwrap();
    for (prices, methods) in [
        ([1, 0, 1], UNICAST),
        ([1, 0, 0], MULTICAST),
        ([0, 1, 0], MULTICAST),
    ] {
        refused(
            check_prices(&prices, methods),
            MarketError::PriceWithoutMethod,
        );
    }
}
