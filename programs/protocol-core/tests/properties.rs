//! Properties that must hold for all inputs, not only for those of the tables.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

mod common;

use common::tree::Tree;
use proptest::collection::vec;
use proptest::prelude::*;
use protocol_core::*;

fn splits() -> impl Strategy<Value = Vec<u16>> {
    vec(0u16..=10_000, 0..MAX_SPLITS).prop_map(|mut cuts| {
        cuts.push(0);
        cuts.push(10_000);
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
    })
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

proptest! {
    #[test]
    fn settlements_conserve_every_unit(
        gross in any::<u64>(),
        top_up in any::<u64>(),
        penalty_basis_points in 0u16..=10_000,
        fee_basis_points in 0u16..=10_000,
        splits in splits(),
    ) {
        let input = SettlementInput { gross, top_up, penalty_basis_points, fee_basis_points, splits: &splits };
        let Ok(outcome) = compute_settlement(&input) else {
            prop_assert!(gross.checked_add(top_up).is_none());
            return Ok(());
        };
        let paid: u128 = outcome.payouts.iter().map(|payout| u128::from(*payout)).sum();
        let earned = u128::from(gross) + u128::from(top_up);
        prop_assert_eq!(paid + u128::from(outcome.treasury) + u128::from(outcome.penalty), earned);
        prop_assert_eq!(u128::from(outcome.net) + u128::from(outcome.penalty), earned);
        prop_assert!(outcome.treasury - outcome.fee < MAX_SPLITS as u64);
    }

    #[test]
    fn gross_never_exceeds_the_exact_price(bytes in any::<u64>(), price in any::<u64>()) {
        let exact = u128::from(bytes) * u128::from(price);
        match compute_gross(bytes, price) {
            Ok(gross) => {
                let back = u128::from(gross) * u128::from(BYTES_PER_GIGABYTE);
                prop_assert!(back <= exact && exact - back < u128::from(BYTES_PER_GIGABYTE));
            }
            Err(error) => {
                prop_assert_eq!(error, CoreError::Overflow);
                prop_assert!(exact / u128::from(BYTES_PER_GIGABYTE) > u128::from(u64::MAX));
            }
        }
    }

    #[test]
    fn an_epoch_never_costs_more_than_its_maximum(
        cap in 0u64..=1 << 30, length in 1u32..=86_400, price in 0u64..=1 << 30, fee in any::<u32>(), share in 0u64..=1000,
    ) {
        let most = max_epoch_bytes(cap, length).unwrap();
        let bytes = u64::try_from(u128::from(most) * u128::from(share) / 1000).unwrap();
        let fee = u64::from(fee);
        let gross = compute_gross(bytes, price).unwrap();
        let top_up = compute_top_up(true, fee, gross, u64::MAX);
        prop_assert!(gross + top_up <= compute_max_epoch_gross(cap, length, price, fee).unwrap());
    }

    #[test]
    fn a_top_up_never_takes_what_is_owed(
        vault in any::<u64>(), owed in any::<u64>(), open in any::<u64>(), fee in any::<u64>(), gross in any::<u64>(),
    ) {
        let top_up = compute_top_up(true, fee, gross, compute_spare(vault, owed, open));
        let needed = u128::from(owed) + u128::from(open) + u128::from(top_up);
        prop_assert!(top_up == 0 || needed <= u128::from(vault));
        prop_assert!(top_up == 0 || u128::from(gross) + u128::from(top_up) <= u128::from(fee));
    }

}

proptest! {
    // Each case hashes thousands of nodes.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_target_has_exactly_one_leaf(leaves in leaves(), depth in 5u8..=20, picks in vec(any::<u64>(), 4)) {
        let Some(tree) = Tree::build(&leaves, depth) else { return Ok(()) };
        let targets: Vec<u64> = picks.iter().map(|pick| pick % tree.commitment.total_bytes).collect();
        let mut provers = [0u32; 4];
        for key in tree.leaves.keys() {
            let (leaf, bucket, path) = tree.prove(key);
            let proof = SettlementProof { leaf: &leaf, bucket: &bucket, path: &path };
            prop_assert_eq!(verify_settlement_proof(&tree.commitment, None, &proof), Ok(()));
            for (count, target) in provers.iter_mut().zip(&targets) {
                *count += u32::from(verify_settlement_proof(&tree.commitment, Some(*target), &proof).is_ok());
            }
        }
        prop_assert_eq!(provers, [1; 4]);
    }

    #[test]
    fn any_change_of_a_proof_makes_it_fail(
        leaves in leaves(), which in any::<prop::sample::Index>(), kind in 0u8..9, place in any::<prop::sample::Index>(), bit in 0u8..64,
    ) {
        let Some(tree) = Tree::build(&leaves, 8) else { return Ok(()) };
        let keys: Vec<_> = tree.leaves.keys().copied().collect();
        let (mut leaf, mut bucket, mut path) = tree.prove(which.get(&keys));
        let mut commitment = tree.commitment;
        let (entry, sibling) = (place.index(bucket.len()), place.index(path.len()));
        let byte = usize::from(bit / 2);
        match kind {
            0 => leaf.bytes ^= 1 << bit,
            1 => leaf.receipt_hash[byte] ^= 1,
            2 => leaf.log_root[byte] ^= 1,
            3 => bucket[entry].bytes ^= 1 << bit,
            4 => bucket[entry].leaf_hash[byte] ^= 1,
            5 => bucket[entry].key[byte] ^= 1,
            6 => path[sibling].sum ^= 1 << bit,
            7 => path[sibling].hash[byte] ^= 1,
            _ => commitment.total_bytes ^= 1 << bit,
        }
        let proof = SettlementProof { leaf: &leaf, bucket: &bucket, path: &path };
        prop_assert!(verify_settlement_proof(&commitment, None, &proof).is_err());
    }

}

proptest! {
    #[test]
    fn hostile_bytes_decode_to_themselves_or_to_an_error(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(token) = Token::decode(&bytes) { prop_assert_eq!(&token.encode()[..], &bytes[..]); }
        if let Ok(receipt) = Receipt::decode(&bytes) { prop_assert_eq!(&receipt.encode()[..], &bytes[..]); }
        if let Ok(leaf) = Leaf::decode(&bytes) { prop_assert_eq!(&leaf.encode()[..], &bytes[..]); }
        if let Ok(footprint) = Footprint::decode(&bytes) { prop_assert_eq!(&footprint.encode()[..], &bytes[..]); }
    }

    #[test]
    fn framed_messages_round_trip(tail in vec(any::<u8>(), 144)) {
        let mut token = b"OCM/token/v1\0\0\0\0".to_vec();
        token.extend(&tail);
        token[156..160].fill(0);
        prop_assert_eq!(Token::decode(&token).unwrap().encode().to_vec(), token);
        let mut receipt = b"OCM/rcpt/v1\0\0\0\0\0".to_vec();
        receipt.extend(&tail[..96]);
        prop_assert_eq!(Receipt::decode(&receipt).unwrap().encode().to_vec(), receipt);
    }

    #[test]
    fn canonical_footprints_survive_and_others_never_pass(kind in 0u8..8, prefix_length in any::<u8>(), value in any::<[u8; 16]>()) {
        let footprint = Footprint { kind, prefix_length, value };
        prop_assert_eq!(footprint.is_canonical(), Footprint::decode(&footprint.encode()) == Ok(footprint));
        if kind == 2 && prefix_length <= 128 {
            let kept = if prefix_length == 0 { 0 } else { u128::MAX << (128 - u32::from(prefix_length)) };
            let network = Footprint { value: (u128::from_be_bytes(value) & kept).to_be_bytes(), ..footprint };
            let mapped = prefix_length >= 96 && u128::from_be_bytes(network.value) >> 32 == 0xffff;
            prop_assert_eq!(network.is_canonical(), !mapped);
        }
    }

    #[test]
    fn a_history_proves_each_of_its_entries(count in 1u64..70) {
        let leaves: Vec<Hash> = (0..count).map(|i| hash_record(&i.to_le_bytes())).collect();
        let mut frontier = [[0; 32]; HISTORY_LEVELS];
        let mut size = 0;
        for leaf in &leaves { size = append_history(&mut frontier, size, *leaf).unwrap(); }
        let root = compute_history_root(&frontier, size);
        for (index, leaf) in (0u64..).zip(&leaves) {
            let path = audit_path(&leaves, usize::try_from(index).unwrap());
            let proof = AuditPath { index, size, path: &path };
            prop_assert_eq!(verify_audit_path(&root, leaf, &proof), Ok(()));
            let wrong = AuditPath { index: (index + 1) % size.max(2), ..proof };
            prop_assert!(verify_audit_path(&root, leaf, &wrong).is_err());
        }
    }
}

/// RFC 9162 2.1.3.1 as it is written there.
fn audit_path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut path, other) = match index.checked_sub(left.len()) {
        None => (audit_path(left, index), head(right)),
        Some(rest) => (audit_path(right, rest), head(left)),
    };
    path.push(other);
    path
}

fn head(leaves: &[Hash]) -> Hash {
    if let [leaf] = leaves {
        return *leaf;
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    sha256(&[&[1], &head(left), &head(right)])
}
