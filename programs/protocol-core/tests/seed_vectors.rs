//! Seeds, sample counts and inclusion proofs against their tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;

use common::slots::slot_hashes;
use common::{bytes, demand, fixed, list, load, named, number, small, text};
use protocol_core::*;

#[test]
fn seeds_and_sample_counts_follow_the_table() {
    let table = load("seeds.json");
    for case in list(&table, "seeds") {
        let (slot_hash, commitment, root) = (
            fixed(case, "slotHash"),
            fixed(case, "commitment"),
            fixed(case, "root"),
        );
        assert_eq!(
            compute_seed(&slot_hash, &commitment, &root),
            fixed(case, "seed")
        );
    }
    for case in list(&table, "sampleCounts") {
        let count = compute_sample_count(number(case, "gross"));
        assert_eq!(count, small::<u8>(case, "count"), "{case}");
    }
    for case in list(&table, "rearmed") {
        let count = compute_rearmed_sample_count(small::<u8>(case, "count"));
        assert_eq!(count, small::<u8>(case, "rearmed"), "{case}");
    }
}

#[test]
fn the_seed_slot_is_the_first_produced_at_or_after_the_target() {
    let table = load("seeds.json");
    let mut outcomes = BTreeSet::new();
    for case in list(&table, "lookups") {
        let slots: Vec<u64> = list(case, "slots")
            .iter()
            .map(|slot| slot.as_str().unwrap().parse().unwrap())
            .collect();
        let data = slot_hashes(&slots);
        let view = SlotHashes::parse(&data).unwrap();
        assert_eq!(view.oldest_slot(), Ok(slots.last().copied()));
        let target = number(case, "target");
        let found = named(view.find_seed_slot(target));
        let wanted = demand(case, |case| {
            let slot = number(case, "slot");
            let hash = sha256(&[&slot.to_le_bytes()]);
            SlotHash { slot, hash }
        });
        assert_eq!(found, wanted, "{case}");
        let missed = Err("SeedSlotMissed".to_owned());
        let is_gone = slots.last().is_some_and(|oldest| *oldest > target);
        assert_eq!(found == missed, is_gone, "{case}");
        outcomes.insert(found.err());
    }
    assert_eq!(outcomes.len(), 3);
}

#[test]
fn slot_hashes_that_are_cut_off_or_too_many_are_refused() {
    for case in list(&load("seeds.json"), "malformed") {
        let result = SlotHashes::parse(&bytes(text(case, "data"))).map(|_| ());
        assert_eq!(result, Err(CoreError::SlotHashesMalformed), "{case}");
    }
    let mut slots: Vec<u64> = (0..=512).rev().collect();
    let result = SlotHashes::parse(&slot_hashes(&slots)).map(|_| ());
    assert_eq!(result, Err(CoreError::SlotHashesMalformed));
    slots.pop();
    let data = slot_hashes(&slots);
    let view = SlotHashes::parse(&data).unwrap();
    assert_eq!(view.oldest_slot(), Ok(Some(1)));
    assert_eq!(view.find_seed_slot(1).unwrap().slot, 1);
    assert_eq!(view.find_seed_slot(0), Err(CoreError::SeedSlotMissed));
    assert_eq!(view.find_seed_slot(513), Err(CoreError::SeedSlotNotReached));
}

#[test]
fn a_young_chain_has_fewer_entries_than_its_sysvar_has_room_for() {
    let mut data = slot_hashes(&[7, 5]);
    data.resize(20_488, 0);
    let view = SlotHashes::parse(&data).unwrap();
    assert_eq!(view.oldest_slot(), Ok(Some(5)));
    assert_eq!(view.find_seed_slot(6).unwrap().slot, 7);
    assert_eq!(view.find_seed_slot(4), Err(CoreError::SeedSlotMissed));
}

#[test]
fn inclusion_proofs_hold_or_fail_for_the_stated_reason() {
    let mut reasons = BTreeSet::new();
    for case in list(&load("inclusion-proofs.json"), "proofs") {
        let (leaf, others, path) = (
            bytes(text(case, "leaf")),
            bytes(text(case, "others")),
            bytes(text(case, "path")),
        );
        let commitment = TreeCommitment {
            root: fixed(case, "root"),
            total_bytes: number(case, "totalBytes"),
            depth: small(case, "depth"),
        };
        let proof = InclusionProof {
            leaf: &leaf,
            others: &others,
            path: &path,
        };
        let result = named(verify_inclusion(
            &commitment,
            number(case, "target"),
            &proof,
        ));
        let wanted = demand(case, |_| {
            let leaf = Leaf::decode(&leaf).unwrap();
            let leaf_hash = leaf.hash();
            IncludedLeaf { leaf, leaf_hash }
        });
        assert_eq!(result, wanted, "{}", case["why"]);
        reasons.extend(result.err());
    }
    let all = "BucketOrderWrong BucketPrefixWrong BucketSizeOutOfRange DepthOutOfRange LeafEmpty LengthWrong \
               PathLengthWrong ReservedNotZero RootMismatch SumOverflow TargetNotCovered TotalMismatch";
    assert_eq!(reasons, all.split_whitespace().map(str::to_owned).collect());
}
