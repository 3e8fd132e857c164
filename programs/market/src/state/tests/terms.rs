//! Layouts, splits, tiers, footprints and issuers.

use anchor_lang::{Discriminator, Space};
use registry::MARKET_PROGRAM_ID;

use super::*;

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
