//! Ed25519 instructions, co-signatures and evidence against their tables.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod common;

use std::collections::BTreeSet;

use common::{bytes, demand, fixed, list, load, named, number, small, text};
use protocol_core::*;
use serde_json::Value;

fn pair(case: &Value) -> Ed25519Pair {
    Ed25519Pair {
        issuer_key: fixed(case, "issuerKey"),
        client_key: fixed(case, "clientKey"),
        token: fixed(case, "token"),
        receipt: fixed(case, "receipt"),
    }
}

#[test]
fn ed25519_instructions_of_the_table_are_read() {
    let table = load("ed25519-instructions.json");
    let data = bytes(text(&table["pair"], "data"));
    assert_eq!(data.len(), ED25519_PAIR_BYTES);
    assert_eq!(parse_ed25519_pair(&data, 0, true), Ok(pair(&table["pair"])));
    let data = bytes(text(&table["cosign"], "data"));
    assert_eq!(data.len(), ED25519_COSIGN_BYTES);
    let wanted = Ed25519Cosign {
        public_key: fixed(&table["cosign"], "publicKey"),
        message: fixed(&table["cosign"], "message"),
    };
    assert_eq!(parse_ed25519_cosign(&data, 0, true), Ok(wanted));
}

#[test]
fn ed25519_instructions_of_any_other_layout_are_refused_with_their_reason() {
    let mut reasons = BTreeSet::new();
    for case in list(&load("ed25519-instructions.json"), "invalid") {
        let data = bytes(text(case, "data"));
        let accounts_len = small(case, "accountsLength");
        let matches = case["programIdMatches"].as_bool().unwrap();
        let result = match text(case, "layout") {
            "pair" => parse_ed25519_pair(&data, accounts_len, matches).map(|_| ()),
            _ => parse_ed25519_cosign(&data, accounts_len, matches).map(|_| ()),
        };
        assert_eq!(named(result), Err(text(case, "error").to_owned()), "{case}");
        reasons.insert(text(case, "error").to_owned());
    }
    assert_eq!(reasons.len(), 7);
}

#[test]
fn no_other_header_byte_is_accepted() {
    let table = load("ed25519-instructions.json");
    let mut data = bytes(text(&table["pair"], "data"));
    for index in 0..30 {
        for mask in 1..=255 {
            data[index] ^= mask;
            let is_refused = parse_ed25519_pair(&data, 0, true).is_err();
            assert!(is_refused, "byte {index} mask {mask}");
            data[index] ^= mask;
        }
    }
    let mut data = bytes(text(&table["cosign"], "data"));
    for index in 0..16 {
        for mask in 1..=255 {
            data[index] ^= mask;
            let is_refused = parse_ed25519_cosign(&data, 0, true).is_err();
            assert!(is_refused, "byte {index} mask {mask}");
            data[index] ^= mask;
        }
    }
}

#[test]
fn no_other_length_is_accepted() {
    let data = vec![0; 600];
    for length in 0..600 {
        let wrong = Err(CoreError::Ed25519LengthWrong);
        if length != ED25519_PAIR_BYTES {
            let result = parse_ed25519_pair(&data[..length], 0, true).map(|_| ());
            assert_eq!(result, wrong, "{length}");
        }
        if length != ED25519_COSIGN_BYTES {
            let result = parse_ed25519_cosign(&data[..length], 0, true).map(|_| ());
            assert_eq!(result, wrong, "{length}");
        }
    }
}

#[test]
fn cosigns_have_the_bytes_of_the_table() {
    let table = load("cosigns.json");
    for case in list(&table, "cosigns") {
        let cosign = Cosign {
            commitment: fixed(case, "commitment"),
            root: fixed(case, "root"),
            total_bytes: number(case, "totalBytes"),
            gross: number(case, "gross"),
            penalty_basis_points: small(case, "penaltyBasisPoints"),
        };
        assert_eq!(cosign.encode(), fixed::<COSIGN_BYTES>(case, "encoded"));
        assert_eq!(Cosign::decode(&cosign.encode()), Ok(cosign), "{case}");
    }
    for case in list(&table, "invalid") {
        let result = Cosign::decode(&bytes(text(case, "encoded"))).map(|_| ());
        assert_eq!(named(result), Err(text(case, "error").to_owned()), "{case}");
    }
}

#[test]
fn every_byte_of_a_cosign_matters() {
    let mut data = bytes(text(&list(&load("cosigns.json"), "cosigns")[0], "encoded"));
    let original = Cosign::decode(&data).unwrap();
    for index in 0..COSIGN_BYTES {
        data[index] ^= 1;
        assert_ne!(Cosign::decode(&data), Ok(original), "byte {index}");
        data[index] ^= 1;
    }
}

fn terms(case: &Value) -> EvidenceTerms {
    let terms = &case["terms"];
    EvidenceTerms {
        contract: fixed(terms, "contract"),
        cluster_tag: small(terms, "clusterTag"),
        epoch: small(terms, "epoch"),
        epoch_end_at: text(terms, "epochEndAt").parse().unwrap(),
        epoch_length_secs: small(terms, "epochLengthSecs"),
        node: fixed(terms, "node"),
        issuer_key: fixed(terms, "issuerKey"),
        kind: small(terms, "kind"),
        token_grace_secs: small(terms, "tokenGraceSecs"),
        max_token_bytes: number(terms, "maxTokenBytes"),
    }
}

#[test]
fn evidence_holds_or_fails_for_the_stated_reason() {
    let mut reasons = BTreeSet::new();
    for case in list(&load("evidence.json"), "cases") {
        let leaf = common::leaf(case, "leaf");
        let result = named(check_evidence(&terms(case), &pair(case), &leaf));
        assert_eq!(result, demand(case, |_| ()), "{}", case["why"]);
        reasons.extend(result.err());
    }
    // The sixteen rules, and the domain and the reserved bits of the messages.
    assert_eq!(reasons.len(), 18, "{reasons:?}");
}

#[test]
fn no_byte_of_a_signed_message_can_change() {
    let table = load("evidence.json");
    let case = &list(&table, "cases")[0];
    let (terms, leaf) = (terms(case), common::leaf(case, "leaf"));
    let mut signed = pair(case);
    assert_eq!(check_evidence(&terms, &signed, &leaf), Ok(()));
    for index in 0..TOKEN_BYTES {
        signed.token[index] ^= 1;
        assert!(check_evidence(&terms, &signed, &leaf).is_err(), "{index}");
        signed.token[index] ^= 1;
    }
    for index in 0..RECEIPT_BYTES {
        signed.receipt[index] ^= 1;
        assert!(check_evidence(&terms, &signed, &leaf).is_err(), "{index}");
        signed.receipt[index] ^= 1;
    }
}
