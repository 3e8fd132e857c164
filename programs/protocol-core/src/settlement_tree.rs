//! Bucketed keyed Merkle-sum tree of protocol 6.5: one key can count once, and no sum can be inflated without
//! leaving every target below it unprovable.
use crate::settlement_node::{
    check_depth, check_target, climb, hash_bucket, hash_node, key_prefix, Child, Place,
    MAX_BUCKET_ENTRIES,
};
use crate::{BucketEntry, CoreError, Hash, Leaf, Sibling, TreeCommitment};

/// A leaf, its whole bucket (its own entry included) and one sibling per level, bottom-up.
#[derive(Clone, Copy, Debug)]
pub struct SettlementProof<'a> {
    pub leaf: &'a Leaf,
    pub bucket: &'a [BucketEntry],
    pub path: &'a [Sibling],
}

/// Verifies that `leaf` is in the commitment and, when a target is given, that the leaf covers it:
/// `offset ≤ target < offset + bytes`. At most 22 hashes, no allocation.
pub fn verify_settlement_proof(
    commitment: &TreeCommitment,
    target: Option<u64>,
    proof: &SettlementProof<'_>,
) -> Result<(), CoreError> {
    check_depth(commitment.depth)?;
    if proof.path.len() != usize::from(commitment.depth) {
        return Err(CoreError::PathLengthWrong);
    }
    if proof.leaf.bytes == 0 {
        return Err(CoreError::LeafEmpty);
    }
    let prefix = key_prefix(&proof.leaf.token_hash, commitment.depth)?;
    let place = open_bucket(proof, prefix, commitment.depth)?;
    let path = proof.path.iter().map(|sibling| Child {
        hash: &sibling.hash,
        sum: sibling.sum,
    });
    let offset = climb(commitment, prefix, place, path)?;
    check_target(target, offset, proof.leaf.bytes)
}

/// Root of a tree without leaves. Error: [`CoreError::DepthOutOfRange`].
pub fn empty_root(depth: u8) -> Result<Hash, CoreError> {
    check_depth(depth)?;
    let mut hash = hash_bucket(&[])?;
    for _ in 0..depth {
        let child = Child {
            hash: &hash,
            sum: 0,
        };
        hash = hash_node(child, child);
    }
    Ok(hash)
}

/// The leaf's bucket, which must be a valid bucket with exactly this leaf in it.
fn open_bucket(proof: &SettlementProof<'_>, prefix: u32, depth: u8) -> Result<Place, CoreError> {
    if proof.bucket.is_empty() || proof.bucket.len() > MAX_BUCKET_ENTRIES {
        return Err(CoreError::BucketSizeOutOfRange);
    }
    let mut previous: Option<&Hash> = None;
    let mut sum = 0u64;
    let mut offset = None;
    for entry in proof.bucket {
        if previous.is_some_and(|key| *key >= entry.key) {
            return Err(CoreError::BucketOrderWrong);
        }
        if key_prefix(&entry.key, depth)? != prefix {
            return Err(CoreError::BucketPrefixWrong);
        }
        if entry.key == proof.leaf.token_hash {
            if entry.bytes != proof.leaf.bytes || entry.leaf_hash != proof.leaf.hash() {
                return Err(CoreError::LeafMismatch);
            }
            offset = Some(sum);
        }
        sum = sum.checked_add(entry.bytes).ok_or(CoreError::SumOverflow)?;
        previous = Some(&entry.key);
    }
    let offset = offset.ok_or(CoreError::LeafNotInBucket)?;
    Ok(Place {
        hash: hash_bucket(proof.bucket)?,
        sum,
        offset,
    })
}
