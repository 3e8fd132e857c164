//! SLA medians, slashing, rewards and consistency proofs against their tables.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod common;

use std::collections::BTreeSet;

use common::{demand, fixed, hashes, list, load, named, number, small, text};
use protocol_core::*;
use serde_json::Value;

fn summary(case: &Value) -> SlaSummary {
    SlaSummary {
        availability_ppm: small(case, "availabilityPpm"),
        error_ppm: small(case, "errorPpm"),
        ttfb_p95_ms: small(case, "ttfbP95Ms"),
        stall_ppm: small(case, "stallPpm"),
        sessions: small(case, "sessions"),
    }
}

#[test]
fn sla_medians_follow_the_table() {
    for case in list(&load("sla-reports.json"), "medians") {
        let reports: Vec<_> = list(case, "reports").iter().map(summary).collect();
        let result = named(compute_sla_median(&reports, small(case, "quorum")));
        let wanted = demand(case, |case| {
            let median = &case["median"];
            (!median.is_null()).then(|| summary(median))
        });
        assert_eq!(result, wanted, "{}", case["why"]);
    }
}

#[test]
fn slashed_stake_is_split_as_in_the_table() {
    let table = load("slashing.json");
    for case in list(&table, "splits") {
        let has_challenger = case["hasChallenger"].as_bool().unwrap();
        let wanted = SlashSplit {
            content_provider: number(case, "contentProvider"),
            challenger: number(case, "challenger"),
            treasury: number(case, "treasury"),
        };
        let split = compute_slash_split(number(case, "slashed"), has_challenger);
        assert_eq!(split, Ok(wanted), "{case}");
    }
    for case in list(&table, "liveness") {
        let basis_points = small(case, "livenessSlashBasisPoints");
        let result = named(compute_liveness_slash(number(case, "lock"), basis_points));
        assert_eq!(result, demand(case, |case| number(case, "slash")), "{case}");
    }
}

fn reward_root(case: &Value) -> RewardRoot {
    RewardRoot {
        root: fixed(case, "root"),
        count: small(case, "count"),
        total_lifetime: number(case, "totalLifetime"),
    }
}

fn reward_entry(case: &Value, index: u32) -> RewardEntry {
    RewardEntry {
        index,
        owner: fixed(case, "owner"),
        lifetime: number(case, "lifetime"),
    }
}

#[test]
fn every_member_of_a_pool_proves_its_reward_and_no_other() {
    for pool in list(&load("rewards.json"), "pools") {
        let root = reward_root(pool);
        for (index, member) in list(pool, "members").iter().enumerate() {
            let entry = reward_entry(member, u32::try_from(index).unwrap());
            let path = hashes(member, "path");
            assert_eq!(compute_reward_leaf(&entry), fixed(member, "leafHash"));
            let check = |entry: &RewardEntry, path: &[Hash]| {
                verify_reward(&root, &RewardProof { entry, path }).is_ok()
            };
            assert!(check(&entry, &path), "{member}");
            let lifetime = entry.lifetime ^ 1;
            assert!(!check(&RewardEntry { lifetime, ..entry }, &path));
            let owner = [9; 32];
            assert!(!check(&RewardEntry { owner, ..entry }, &path));
            let index = entry.index + 1;
            assert!(!check(&RewardEntry { index, ..entry }, &path));
            assert!(!check(&entry, &[path.clone(), vec![[0; 32]]].concat()));
        }
    }
}

#[test]
fn vetoes_hold_or_fail_for_the_stated_reason() {
    let mut reasons = BTreeSet::new();
    for case in list(&load("rewards.json"), "vetoes") {
        let side = |name: &str| {
            let side = &case[name];
            let proof = &side["proof"];
            (
                reward_root(side),
                reward_entry(proof, small(proof, "index")),
                hashes(proof, "path"),
            )
        };
        let (active, before, active_path) = side("active");
        let (pending, after, pending_path) = side("pending");
        let result = verify_reward_decrease(
            (
                &active,
                &RewardProof {
                    entry: &before,
                    path: &active_path,
                },
            ),
            (
                &pending,
                &RewardProof {
                    entry: &after,
                    path: &pending_path,
                },
            ),
        );
        assert_eq!(named(result), demand(case, |_| ()), "{}", case["why"]);
        reasons.extend(named(result).err());
    }
    assert_eq!(reasons.len(), 5, "{reasons:?}");
}

#[test]
fn a_successor_loses_no_member_and_no_unit() {
    for case in list(&load("rewards.json"), "successors") {
        let root = |name: &str| RewardRoot {
            root: [0; 32],
            count: small(&case[name], "count"),
            total_lifetime: number(&case[name], "totalLifetime"),
        };
        let result = check_reward_successor(&root("active"), &root("pending"));
        assert_eq!(named(result), demand(case, |_| ()), "{case}");
    }
}

fn check_consistency(case: &Value) -> Result<(), CoreError> {
    let path = hashes(case, "path");
    let proof = ConsistencyProof {
        first_size: number(case, "firstSize"),
        second_size: number(case, "secondSize"),
        path: &path,
    };
    verify_consistency(
        &fixed(case, "firstRoot"),
        &fixed(case, "secondRoot"),
        &proof,
    )
}

#[test]
fn consistency_proofs_of_the_table_verify() {
    for case in list(&load("consistency-proofs.json"), "proofs") {
        assert_eq!(check_consistency(case), Ok(()), "{case}");
    }
}

#[test]
fn wrong_consistency_proofs_fail_for_the_stated_reason() {
    for case in list(&load("consistency-proofs.json"), "invalid") {
        let result = named(check_consistency(case));
        assert_eq!(result, Err(text(case, "error").to_owned()), "{case}");
    }
}

#[test]
fn frontier_roots_of_one_history_are_consistent() {
    let leaf = |i: u64| sha256(&[b"\0entry ", i.to_string().as_bytes()]);
    for case in list(&load("consistency-proofs.json"), "proofs") {
        let root_at = |size: u64| {
            let mut frontier = [[0; 32]; HISTORY_LEVELS];
            let mut count = 0;
            for i in 0..size {
                count = append_history(&mut frontier, count, leaf(i)).unwrap();
            }
            compute_history_root(&frontier, count)
        };
        assert_eq!(root_at(number(case, "firstSize")), fixed(case, "firstRoot"));
        assert_eq!(
            root_at(number(case, "secondSize")),
            fixed(case, "secondRoot")
        );
    }
}
