//! A plain builder of settlement trees, so that proofs of any leaves can be verified.
use std::collections::BTreeMap;

use protocol_core::{sha256, BucketEntry, Hash, Leaf, Sibling, TreeCommitment};

pub struct Tree {
    pub commitment: TreeCommitment,
    pub leaves: BTreeMap<Hash, Leaf>,
    buckets: BTreeMap<u32, Vec<BucketEntry>>,
    levels: Vec<BTreeMap<u32, Sibling>>,
    empty: Vec<Sibling>,
}

impl Tree {
    /// Nothing if a bucket would overflow.
    pub fn build(leaves: &[Leaf], depth: u8) -> Option<Self> {
        let leaves: BTreeMap<Hash, Leaf> =
            leaves.iter().map(|leaf| (leaf.token_hash, *leaf)).collect();
        let mut buckets: BTreeMap<u32, Vec<BucketEntry>> = BTreeMap::new();
        for (key, leaf) in &leaves {
            let entry = BucketEntry {
                key: *key,
                leaf_hash: leaf.hash(),
                bytes: leaf.bytes,
            };
            buckets.entry(prefix(key, depth)).or_default().push(entry);
        }
        if buckets.values().any(|bucket| bucket.len() > 8) {
            return None;
        }
        let mut empty = vec![hash_bucket(&[])];
        for level in 0..usize::from(depth) {
            empty.push(hash_node(&empty[level], &empty[level]));
        }
        let mut levels = vec![buckets
            .iter()
            .map(|(place, bucket)| (*place, hash_bucket(bucket)))
            .collect()];
        for level in 0..usize::from(depth) {
            let below: &BTreeMap<u32, Sibling> = &levels[level];
            let child = |place: u32| below.get(&place).copied().unwrap_or(empty[level]);
            let parents = below.keys().map(|place| place >> 1);
            let next = parents
                .map(|p| (p, hash_node(&child(2 * p), &child(2 * p + 1))))
                .collect();
            levels.push(next);
        }
        let top = usize::from(depth);
        let root = levels[top].get(&0).copied().unwrap_or(empty[top]);
        let commitment = TreeCommitment {
            root: root.hash,
            total_bytes: root.sum,
            depth,
        };
        Some(Self {
            commitment,
            leaves,
            buckets,
            levels,
            empty,
        })
    }

    pub fn prove(&self, key: &Hash) -> (Leaf, Vec<BucketEntry>, Vec<Sibling>) {
        let mut place = prefix(key, self.commitment.depth);
        let bucket = self.buckets[&place].clone();
        let mut path = Vec::new();
        for level in 0..usize::from(self.commitment.depth) {
            path.push(
                self.levels[level]
                    .get(&(place ^ 1))
                    .copied()
                    .unwrap_or(self.empty[level]),
            );
            place >>= 1;
        }
        (self.leaves[key], bucket, path)
    }
}

fn prefix(key: &Hash, depth: u8) -> u32 {
    u32::from_be_bytes([key[0], key[1], key[2], key[3]]) >> (32 - u32::from(depth))
}

fn hash_bucket(entries: &[BucketEntry]) -> Sibling {
    let mut body = vec![2u8];
    body.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for entry in entries {
        body.extend(entry.key);
        body.extend(entry.leaf_hash);
        body.extend(entry.bytes.to_le_bytes());
    }
    Sibling {
        hash: sha256(&[&body]),
        sum: entries.iter().map(|entry| entry.bytes).sum(),
    }
}

fn hash_node(left: &Sibling, right: &Sibling) -> Sibling {
    let sums = [left.sum.to_le_bytes(), right.sum.to_le_bytes()].concat();
    Sibling {
        hash: sha256(&[&[1], &left.hash, &right.hash, &sums]),
        sum: left.sum + right.sum,
    }
}
