//! Properties of seeds, samples and inclusion proofs, for inputs that no table has.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

mod common;

use common::slots::slot_hashes;
use common::tree::Tree;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use protocol_core::*;

/// The rule of protocol 6.7, entry by entry.
fn scan(slots: &[u64], target: u64) -> Result<u64, CoreError> {
    if slots.first().is_none_or(|newest| *newest < target) {
        return Err(CoreError::SeedSlotNotReached);
    }
    for (i, slot) in slots.iter().enumerate() {
        let is_first_after =
            *slot > target && slots.get(i + 1).is_some_and(|older| *older < target);
        if *slot == target || is_first_after {
            return Ok(*slot);
        }
    }
    Err(CoreError::SeedSlotMissed)
}

fn leaves() -> impl Strategy<Value = Vec<Leaf>> {
    vec((any::<[u8; 32]>(), 1u64..=1 << 40, any::<u32>()), 1..40).prop_map(|all| {
        all.into_iter()
            .map(|(token_hash, bytes, objects)| Leaf {
                token_hash,
                bytes,
                objects,
                class: 1,
                receipt_hash: sha256(&[&token_hash]),
                log_root: empty_tree_head(),
            })
            .collect()
    })
}

struct Encoded {
    leaf: Vec<u8>,
    others: Vec<u8>,
    path: Vec<u8>,
}

impl Encoded {
    fn of(tree: &Tree, key: &Hash) -> Self {
        let (leaf, bucket, path) = tree.prove(key);
        let others = bucket.iter().filter(|entry| entry.key != *key);
        Self {
            leaf: leaf.encode().to_vec(),
            others: others
                .flat_map(|e| [&e.key[..], &e.leaf_hash, &e.bytes.to_le_bytes()].concat())
                .collect(),
            path: path
                .iter()
                .flat_map(|s| [&s.hash[..], &s.sum.to_le_bytes()].concat())
                .collect(),
        }
    }

    fn verify(&self, commitment: &TreeCommitment, target: u64) -> Result<IncludedLeaf, CoreError> {
        let proof = InclusionProof {
            leaf: &self.leaf,
            others: &self.others,
            path: &self.path,
        };
        verify_inclusion(commitment, target, &proof)
    }

    fn byte(&mut self, index: usize) -> &mut u8 {
        let (leaf, others) = (self.leaf.len(), self.others.len());
        if index < leaf {
            &mut self.leaf[index]
        } else if index < leaf + others {
            &mut self.others[index - leaf]
        } else {
            &mut self.path[index - leaf - others]
        }
    }

    fn len(&self) -> usize {
        self.leaf.len() + self.others.len() + self.path.len()
    }
}

fn tree_of(leaves: &[Leaf], depth: u8) -> Option<(Tree, Vec<(Hash, u64)>)> {
    let tree = Tree::build(leaves, depth)?;
    let mut offset = 0;
    let starts = tree
        .leaves
        .iter()
        .map(|(key, leaf)| {
            let start = offset;
            offset += leaf.bytes;
            (*key, start)
        })
        .collect();
    Some((tree, starts))
}

proptest! {
    #[test]
    fn the_binary_search_finds_what_a_scan_finds(
        slots in btree_set(prop_oneof![0u64..60, any::<u64>()], 0..40),
        target in prop_oneof![0u64..62, any::<u64>()],
    ) {
        let slots: Vec<u64> = slots.into_iter().rev().collect();
        let data = slot_hashes(&slots);
        let found = SlotHashes::parse(&data).unwrap().find_seed_slot(target);
        if let Ok(entry) = found {
            prop_assert_eq!(entry.hash, sha256(&[&entry.slot.to_le_bytes()]));
        }
        prop_assert_eq!(found.map(|entry| entry.slot), scan(&slots, target));
    }

    #[test]
    fn hostile_slot_hashes_never_panic(data in vec(any::<u8>(), 0..200), count in 0u64..=6, target in any::<u64>()) {
        for count in [None, Some(count)] {
            let mut data = data.clone();
            if let (Some(count), Some(header)) = (count, data.get_mut(..8)) {
                header.copy_from_slice(&count.to_le_bytes());
            }
            if let Ok(view) = SlotHashes::parse(&data) {
                prop_assert!(view.oldest_slot().is_ok());
                if let Ok(found) = view.find_seed_slot(target) {
                    prop_assert!(found.slot >= target);
                }
            }
        }
    }

    #[test]
    fn exactly_one_leaf_covers_a_target(leaves in leaves(), pick in any::<u64>()) {
        let Some((tree, starts)) = tree_of(&leaves, 8) else { return Ok(()) };
        let target = pick % tree.commitment.total_bytes;
        for (key, start) in starts {
            let proof = Encoded::of(&tree, &key);
            let leaf = tree.leaves[&key];
            let covers = target >= start && target - start < leaf.bytes;
            let wanted = if covers {
                Ok(IncludedLeaf { leaf, leaf_hash: leaf.hash() })
            } else {
                Err(CoreError::TargetNotCovered)
            };
            prop_assert_eq!(proof.verify(&tree.commitment, target), wanted);
            prop_assert!(proof.verify(&tree.commitment, start).is_ok());
            prop_assert!(proof.verify(&tree.commitment, start + leaf.bytes - 1).is_ok());
            prop_assert!(proof.verify(&tree.commitment, start + leaf.bytes).is_err());
        }
    }

    #[test]
    fn no_other_total_or_root_verifies(leaves in leaves(), pick in any::<prop::sample::Index>(), total in any::<u64>(), bit in 0usize..256) {
        let Some((tree, starts)) = tree_of(&leaves, 8) else { return Ok(()) };
        let (key, start) = starts[pick.index(starts.len())];
        let proof = Encoded::of(&tree, &key);
        let actual = tree.commitment.total_bytes;
        for total_bytes in [total, actual + 1, actual - 1] {
            if total_bytes != actual {
                let forged = TreeCommitment { total_bytes, ..tree.commitment };
                prop_assert_eq!(proof.verify(&forged, start), Err(CoreError::TotalMismatch));
            }
        }
        let mut forged = tree.commitment;
        forged.root[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(proof.verify(&forged, start), Err(CoreError::RootMismatch));
        for depth in (0u8..=255).filter(|depth| *depth != 8) {
            let forged = TreeCommitment { depth, ..tree.commitment };
            prop_assert!(proof.verify(&forged, start).is_err());
        }
    }
}

proptest! {
    // Each case tries every byte of a proof.
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_proof_with_any_byte_changed_never_verifies(leaves in leaves(), pick in any::<prop::sample::Index>(), mask in 1u8..=255) {
        let Some((tree, starts)) = tree_of(&leaves, 4) else { return Ok(()) };
        let (key, start) = starts[pick.index(starts.len())];
        let mut proof = Encoded::of(&tree, &key);
        prop_assert!(proof.verify(&tree.commitment, start).is_ok());
        for index in 0..proof.len() {
            *proof.byte(index) ^= mask;
            prop_assert!(proof.verify(&tree.commitment, start).is_err(), "byte {index}");
            *proof.byte(index) ^= mask;
        }
    }
}
