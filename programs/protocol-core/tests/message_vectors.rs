//! Tokens, receipts and leaves against tests/vectors/messages.json.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{bytes, fixed, list, load, named, number, small, text};
use protocol_core::*;

#[test]
fn tokens_have_the_bytes_of_the_table() {
    for case in list(&load("messages.json"), "tokens") {
        let token = Token {
            contract: fixed(case, "contract"),
            cluster_tag: small(case, "clusterTag"),
            epoch: small(case, "epoch"),
            token_id: fixed(case, "tokenId"),
            node: fixed(case, "node"),
            client_public_key: fixed(case, "clientPublicKey"),
            max_bytes: number(case, "maxBytes"),
            not_before_secs: small(case, "notBeforeSecs"),
            not_after_secs: small(case, "notAfterSecs"),
            client_group: small(case, "clientGroup"),
            flags: small(case, "flags"),
        };
        assert_eq!(
            token.encode(),
            fixed::<TOKEN_BYTES>(case, "encoded"),
            "{case}"
        );
        assert_eq!(token.hash(), fixed(case, "hash"), "{case}");
        assert_eq!(Token::decode(&token.encode()), Ok(token), "{case}");
    }
}

#[test]
fn receipts_have_the_bytes_of_the_table() {
    for case in list(&load("messages.json"), "receipts") {
        let receipt = Receipt {
            token_hash: fixed(case, "tokenHash"),
            seq: small(case, "seq"),
            objects: small(case, "objects"),
            bytes: number(case, "bytes"),
            last_ms: number(case, "lastMs"),
            ttfb_p95_ms: small(case, "ttfbP95Ms"),
            stall_centisecs: small(case, "stallCentisecs"),
            errors: small(case, "errors"),
            accumulator: fixed(case, "accumulator"),
        };
        assert_eq!(
            receipt.encode(),
            fixed::<RECEIPT_BYTES>(case, "encoded"),
            "{case}"
        );
        assert_eq!(receipt.hash(), fixed(case, "hash"), "{case}");
        assert_eq!(Receipt::decode(&receipt.encode()), Ok(receipt), "{case}");
    }
}

#[test]
fn leaves_have_the_bytes_of_the_table() {
    for case in list(&load("messages.json"), "leaves") {
        let leaf = Leaf {
            token_hash: fixed(case, "tokenHash"),
            bytes: number(case, "bytes"),
            objects: small(case, "objects"),
            class: small(case, "class"),
            receipt_hash: fixed(case, "receiptHash"),
            log_root: fixed(case, "logRoot"),
        };
        assert_eq!(
            leaf.encode(),
            fixed::<LEAF_BYTES>(case, "encoded"),
            "{case}"
        );
        assert_eq!(leaf.hash(), fixed(case, "hash"), "{case}");
        assert_eq!(Leaf::decode(&leaf.encode()), Ok(leaf), "{case}");
    }
}

#[test]
fn malformed_messages_are_refused_with_their_reason() {
    for case in list(&load("messages.json"), "invalid") {
        let encoded = bytes(text(case, "encoded"));
        let result = match text(case, "message") {
            "token" => Token::decode(&encoded).map(|_| ()),
            "receipt" => Receipt::decode(&encoded).map(|_| ()),
            _ => Leaf::decode(&encoded).map(|_| ()),
        };
        assert_eq!(named(result), Err(text(case, "error").to_owned()), "{case}");
    }
}

#[test]
fn the_accumulator_chains_objects_in_order() {
    let table = load("messages.json");
    let case = &table["accumulator"];
    let values = common::hashes(case, "values");
    let mut accumulator = initial_accumulator(&fixed(case, "tokenHash"));
    assert_eq!(accumulator, values[0]);
    for (object, expected) in list(case, "objects").iter().zip(&values[1..]) {
        let (sha256, length) = (fixed(object, "sha256"), number(object, "lengthBytes"));
        accumulator = extend_accumulator(&accumulator, &sha256, length);
        assert_eq!(accumulator, *expected);
    }
}
