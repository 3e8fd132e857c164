//! Money and SLA rules against tests/vectors/money.json.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{demand, list, load, named, number, small};
use protocol_core::*;
use serde_json::Value;

#[test]
fn gross_follows_the_table() {
    for case in list(&load("money.json"), "gross") {
        let gross = compute_gross(number(case, "bytes"), number(case, "pricePerGigabyte"));
        assert_eq!(
            named(gross),
            demand(case, |case| number(case, "gross")),
            "{case}"
        );
    }
}

#[test]
fn payable_gross_is_clipped_to_what_the_vault_can_spare() {
    for case in list(&load("money.json"), "payableGross") {
        let (bytes, price) = (number(case, "bytes"), number(case, "pricePerGigabyte"));
        let payable = compute_payable_gross(bytes, price, number(case, "spare"));
        assert_eq!(payable, Ok(number(case, "payable")), "{case}");
    }
}

#[test]
fn highest_gross_of_an_epoch_follows_the_table() {
    for case in list(&load("money.json"), "maxEpochGross") {
        let (cap, length) = (
            number(case, "capKilobitsPerSecond"),
            small(case, "epochLengthSecs"),
        );
        let price = number(case, "maxPricePerGigabyte");
        let gross = compute_max_epoch_gross(cap, length, price, number(case, "commitFeePerEpoch"));
        assert_eq!(
            named(gross),
            demand(case, |case| number(case, "maxEpochGross")),
            "{case}"
        );
        let bytes = max_epoch_bytes(cap, length);
        match case["maxEpochBytes"] {
            Value::Null => assert_eq!(bytes, Err(CoreError::Overflow), "{case}"),
            _ => assert_eq!(bytes, Ok(number(case, "maxEpochBytes")), "{case}"),
        }
    }
}

#[test]
fn reserve_and_lock_follow_the_table() {
    let table = load("money.json");
    for case in list(&table, "reserve") {
        let (gross, open) = (number(case, "maxEpochGross"), number(case, "openGross"));
        let reserve = compute_reserve(small(case, "prefundEpochs"), gross, open);
        assert_eq!(
            named(reserve),
            demand(case, |case| number(case, "reserve")),
            "{case}"
        );
    }
    for case in list(&table, "lock") {
        let multiplier = small(case, "slashMultiplierBasisPoints");
        let lock = compute_lock(number(case, "gross"), multiplier);
        assert_eq!(
            named(lock),
            demand(case, |case| number(case, "lock")),
            "{case}"
        );
    }
}

#[test]
fn spare_top_up_and_severe_slash_follow_the_table() {
    let table = load("money.json");
    for case in list(&table, "spare") {
        let (vault, owed) = (number(case, "vaultBalance"), number(case, "owedTotal"));
        let spare = compute_spare(vault, owed, number(case, "openGross"));
        assert_eq!(spare, number(case, "spare"), "{case}");
    }
    for case in list(&table, "topUp") {
        let (fee, gross) = (number(case, "commitFeePerEpoch"), number(case, "gross"));
        let eligible = case["eligible"].as_bool().unwrap();
        let top_up = compute_top_up(eligible, fee, gross, number(case, "spare"));
        assert_eq!(top_up, number(case, "topUp"), "{case}");
    }
    for case in list(&table, "severeSlash") {
        let fee = number(case, "commitFeePerEpoch");
        let slash =
            compute_severe_slash(number(case, "lock"), fee, small(case, "slashBasisPoints"));
        assert_eq!(slash, Ok(number(case, "slash")), "{case}");
    }
}

#[test]
fn settlements_follow_the_table() {
    for case in list(&load("money.json"), "settlements") {
        let splits: Vec<u16> = list(case, "splits")
            .iter()
            .map(|split| u16::try_from(split.as_u64().unwrap()).unwrap())
            .collect();
        let settlement = compute_settlement(&SettlementInput {
            gross: number(case, "gross"),
            top_up: number(case, "topUp"),
            penalty_basis_points: small(case, "penaltyBasisPoints"),
            fee_basis_points: small(case, "feeBasisPoints"),
            splits: &splits,
        });
        assert_eq!(
            named(settlement),
            demand(case, expected_settlement),
            "{case}"
        );
    }
}

fn expected_settlement(case: &Value) -> Settlement {
    let mut payouts = [0; MAX_SPLITS];
    for (place, payout) in payouts.iter_mut().zip(list(case, "payouts")) {
        *place = payout.as_str().unwrap().parse().unwrap();
    }
    Settlement {
        penalty: number(case, "penalty"),
        net: number(case, "net"),
        fee: number(case, "fee"),
        payouts,
        treasury: number(case, "treasury"),
    }
}

#[test]
fn penalties_follow_the_table() {
    for case in list(&load("money.json"), "penalties") {
        let mut tiers = [SlaTier::default(); MAX_SLA_TIERS];
        for (place, tier) in tiers.iter_mut().zip(list(case, "tiers")) {
            *place = SlaTier {
                metric: small(tier, "metric"),
                threshold: small(tier, "threshold"),
                basis_points: small(tier, "basisPoints"),
            };
        }
        let sla = Sla {
            quorum: 3,
            max_penalty_basis_points: small(case, "maxPenaltyBasisPoints"),
            severe_basis_points: small(case, "severeBasisPoints"),
            slash_basis_points: small(case, "slashBasisPoints"),
            tiers,
        };
        let summary = &case["summary"];
        let summary = SlaSummary {
            availability_ppm: small(summary, "availabilityPpm"),
            error_ppm: small(summary, "errorPpm"),
            ttfb_p95_ms: small(summary, "ttfbP95Ms"),
            stall_ppm: small(summary, "stallPpm"),
            sessions: small(summary, "sessions"),
        };
        let penalty = compute_penalty_basis_points(&sla, &summary);
        let expected = demand(case, |case| small(case, "penaltyBasisPoints"));
        assert_eq!(named(penalty), expected, "{case}");
        if let Ok(penalty) = penalty {
            assert_eq!(
                Some(is_severe(&sla, penalty)),
                case["severe"].as_bool(),
                "{case}"
            );
        }
    }
}
