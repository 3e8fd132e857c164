//! Settlement trees, RFC 9162 trees and the history against their tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;

use common::{bytes, demand, fixed, hashes, list, load, named, number, small, text};
use protocol_core::*;
use serde_json::Value;

fn check_proof(case: &Value) -> Result<(), CoreError> {
    let (bucket, path) = (common::bucket(case), common::siblings(case));
    let commitment = TreeCommitment {
        root: fixed(case, "root"),
        total_bytes: number(case, "totalBytes"),
        depth: small(case, "depth"),
    };
    let leaf = common::leaf(case, "leaf");
    let proof = SettlementProof {
        leaf: &leaf,
        bucket: &bucket,
        path: &path,
    };
    verify_settlement_proof(&commitment, Some(number(case, "target")), &proof)
}

#[test]
fn settlement_proofs_hold_or_fail_for_the_stated_reason() {
    let table = load("settlement-trees.json");
    let mut reasons = BTreeSet::new();
    for tree in list(&table, "trees") {
        for case in list(tree, "proofs") {
            let result = named(check_proof(case));
            assert_eq!(
                result,
                demand(case, |_| ()),
                "{} in {}",
                case["why"],
                tree["name"]
            );
            reasons.extend(result.err());
        }
    }
    let all = "BucketOrderWrong BucketPrefixWrong BucketSizeOutOfRange DepthOutOfRange LeafMismatch \
               LeafNotInBucket PathLengthWrong RootMismatch SumOverflow TargetNotCovered TotalMismatch";
    assert_eq!(reasons, all.split_whitespace().map(str::to_owned).collect());
}

#[test]
fn nothing_below_an_inflated_sum_can_be_proved() {
    let table = load("settlement-trees.json");
    let cases = list(&table, "forgedCommitment");
    assert!(cases.iter().any(|case| case["valid"] == false));
    for case in cases {
        assert_eq!(
            check_proof(case).is_ok(),
            case["valid"].as_bool().unwrap(),
            "{case}"
        );
    }
}

#[test]
fn a_proof_without_target_shows_inclusion_only() {
    let table = load("settlement-trees.json");
    let case = &table["trees"][0]["proofs"][0];
    let (bucket, path, leaf) = (
        common::bucket(case),
        common::siblings(case),
        common::leaf(case, "leaf"),
    );
    let mut commitment = TreeCommitment {
        root: fixed(case, "root"),
        total_bytes: number(case, "totalBytes"),
        depth: small(case, "depth"),
    };
    let proof = SettlementProof {
        leaf: &leaf,
        bucket: &bucket,
        path: &path,
    };
    assert_eq!(verify_settlement_proof(&commitment, None, &proof), Ok(()));
    commitment.total_bytes = 0;
    let result = verify_settlement_proof(&commitment, None, &proof);
    assert_eq!(result, Err(CoreError::TotalMismatch));
    let empty = Leaf { bytes: 0, ..leaf };
    let proof = SettlementProof {
        leaf: &empty,
        bucket: &bucket,
        path: &path,
    };
    assert_eq!(
        verify_settlement_proof(&commitment, None, &proof),
        Err(CoreError::LeafEmpty)
    );
}

#[test]
fn empty_roots_and_sample_targets_follow_the_table() {
    let table = load("settlement-trees.json");
    for case in list(&table, "emptyRoots") {
        assert_eq!(
            empty_root(small(case, "depth")),
            Ok(fixed(case, "root")),
            "{case}"
        );
    }
    assert_eq!(empty_root(0), Err(CoreError::DepthOutOfRange));
    assert_eq!(empty_root(21), Err(CoreError::DepthOutOfRange));
    for case in list(&table, "samples") {
        let total = number(case, "totalBytes");
        let target = compute_sample_target(&fixed(case, "seed"), small(case, "index"), total);
        assert_eq!(target, Ok(number(case, "target")), "{case}");
    }
    assert_eq!(
        compute_sample_target(&[0; 32], 0, 0),
        Err(CoreError::TotalZero)
    );
}

#[test]
fn every_listed_audit_path_verifies() {
    for tree in list(&load("record-trees.json"), "trees") {
        let entries = list(tree, "entries");
        for case in list(tree, "paths") {
            let path = hashes(case, "path");
            let index = number(case, "index");
            let entry = bytes(entries[usize::try_from(index).unwrap()].as_str().unwrap());
            let proof = AuditPath {
                index,
                size: u64::try_from(entries.len()).unwrap(),
                path: &path,
            };
            assert_eq!(
                verify_audit_path(&fixed(tree, "root"), &hash_record(&entry), &proof),
                Ok(())
            );
        }
    }
    assert_eq!(
        empty_tree_head(),
        fixed(&load("record-trees.json")["named"][0], "root")
    );
}

#[test]
fn wrong_audit_paths_fail_for_the_stated_reason() {
    for case in list(&load("record-trees.json"), "invalidPaths") {
        let path = hashes(case, "path");
        let proof = AuditPath {
            index: number(case, "index"),
            size: number(case, "size"),
            path: &path,
        };
        let leaf = hash_record(&bytes(text(case, "entry")));
        let result = verify_audit_path(&fixed(case, "root"), &leaf, &proof);
        assert_eq!(named(result), Err(text(case, "error").to_owned()), "{case}");
    }
    let long = [[0; 32]; MAX_AUDIT_PATH_LEN + 1];
    let proof = AuditPath {
        index: 0,
        size: u64::MAX,
        path: &long,
    };
    let result = verify_audit_path(&[0; 32], &[0; 32], &proof);
    assert_eq!(result, Err(CoreError::PathLengthWrong));
}

#[test]
fn the_history_frontier_has_the_tree_head_of_its_entries() {
    let mut frontier = [[0; 32]; HISTORY_LEVELS];
    let mut size = 0;
    assert_eq!(compute_history_root(&frontier, size), empty_tree_head());
    for case in list(&load("record-trees.json"), "history") {
        let leaf = compute_history_leaf(&HistoryEntry {
            commitment: fixed(case, "commitment"),
            epoch: small(case, "epoch"),
            kind: small(case, "kind"),
            root: fixed(case, "root"),
            total_bytes: number(case, "totalBytes"),
            gross: number(case, "gross"),
            penalty: number(case, "penalty"),
        });
        assert_eq!(leaf, hash_record(&bytes(text(case, "encoded"))), "{case}");
        size = append_history(&mut frontier, size, leaf).unwrap();
        for (level, peak) in frontier.iter().enumerate() {
            // One state per history: consumed peaks leave nothing behind.
            assert_eq!(*peak == [0; 32], (size >> level) & 1 == 0, "{case}");
        }
        assert_eq!(
            compute_history_root(&frontier, size),
            fixed(case, "headAfter"),
            "{case}"
        );
    }
}

#[test]
fn a_full_history_refuses_an_entry_and_keeps_its_root() {
    let mut frontier = [[7; 32]; HISTORY_LEVELS];
    let before = frontier;
    let result = append_history(&mut frontier, MAX_HISTORY_SIZE, [1; 32]);
    assert_eq!(result, Err(CoreError::HistoryFull));
    assert_eq!(frontier, before);
    let last = append_history(&mut frontier, MAX_HISTORY_SIZE - 1, [1; 32]);
    assert_eq!(last, Ok(MAX_HISTORY_SIZE));
}
