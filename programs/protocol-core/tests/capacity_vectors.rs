//! Capacity classes against tests/vectors/capacity-classes.json, footprint proofs against footprints.json.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{bytes, demand, hashes, list, load, named, number, small, text};
use protocol_core::{
    check_class, compute_sellable_rate, verify_footprint, AuditPath, CapacityClass,
    ClassDeclaration, CoreError, Footprint, Hash, ROLE_CAST, ROLE_CDN, ROLE_RELAY,
};
use serde_json::Value;

fn role(name: &str) -> u8 {
    match name {
        "cast" => ROLE_CAST,
        "relay" => ROLE_RELAY,
        "cdn" => ROLE_CDN,
        other => panic!("no role {other}"),
    }
}

fn flag(case: &Value, key: &str) -> bool {
    case[key].as_bool().unwrap()
}

#[test]
fn each_class_has_the_limits_of_the_table() {
    let table = load("capacity-classes.json");
    let rows = list(&table, "limits");
    for row in rows {
        let limits = CapacityClass::from_u8(small(row, "number"))
            .unwrap()
            .limits();
        assert_eq!(
            limits.max_egress_kilobits_per_second,
            number(row, "maxEgress"),
            "{row}"
        );
        assert_eq!(
            limits.max_ingress_kilobits_per_second,
            number(row, "maxIngress"),
            "{row}"
        );
        let roles = list(row, "roles")
            .iter()
            .fold(0, |set, name| set | role(name.as_str().unwrap()));
        assert_eq!(limits.roles, roles, "{row}");
        assert_eq!(limits.needs_carousel, flag(row, "needsCarousel"), "{row}");
        assert_eq!(limits.needs_footprint, flag(row, "needsFootprint"), "{row}");
        assert_eq!(
            limits.needs_metered_consent,
            flag(row, "needsMeteredConsent"),
            "{row}"
        );
        assert_eq!(limits.sells_unicast, flag(row, "sellsUnicast"), "{row}");
    }
    let beyond = u8::try_from(rows.len()).unwrap();
    assert_eq!(
        CapacityClass::from_u8(beyond),
        Err(CoreError::CapacityClassUnknown)
    );
}

#[test]
fn claims_break_the_rule_that_the_table_names() {
    for case in list(&load("capacity-classes.json"), "claims") {
        let result = check_class(
            CapacityClass::from_u8(small(case, "number")).unwrap(),
            role(text(case, "role")),
            number(case, "egress"),
            number(case, "ingress"),
            ClassDeclaration {
                carousel: flag(case, "carousel"),
                footprint: flag(case, "footprint"),
                metered_consent: flag(case, "meteredConsent"),
            },
        );
        assert_eq!(named(result), demand(case, |_| ()), "{case}");
    }
}

#[test]
fn a_node_sells_what_the_table_says() {
    for case in list(&load("capacity-classes.json"), "sellable") {
        let rate = compute_sellable_rate(
            number(case, "claim"),
            number(case, "verified"),
            small(case, "expiresAt"),
            small(case, "now"),
            flag(case, "requireVerified"),
        );
        assert_eq!(rate, number(case, "sellable"), "{case}");
    }
}

#[test]
fn footprints_prove_their_place_and_no_other() {
    let table = load("footprints.json");
    let root: Hash = bytes(text(&table["root"], "root")).try_into().unwrap();
    for case in list(&table, "proofs") {
        let footprint = Footprint::decode(&bytes(text(case, "encoded"))).unwrap();
        let path = hashes(case, "path");
        let proof = AuditPath {
            index: number(case, "index"),
            size: number(case, "size"),
            path: &path,
        };
        verify_footprint(&root, &footprint, &proof).unwrap();
        let mut other = footprint;
        other.value[0] = b'z';
        assert_eq!(
            verify_footprint(&root, &other, &proof),
            Err(CoreError::RootMismatch),
            "{case}"
        );
        other.value[0] = b'Z';
        assert_eq!(
            verify_footprint(&root, &other, &proof),
            Err(CoreError::FootprintNotCanonical)
        );
    }
}
