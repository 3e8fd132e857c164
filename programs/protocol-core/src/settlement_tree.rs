//! Bucketed keyed Merkle-sum tree of protocol 6.5: one key can count once, and no sum can be inflated without
//! leaving every target below it unprovable.
use crate::{sha256, CoreError, Hash, Leaf};

pub const MIN_DEPTH: u8 = 1;
pub const MAX_DEPTH: u8 = 20;
pub const MAX_BUCKET_ENTRIES: usize = 8;

const ENTRY_BYTES: usize = 72;
const BUCKET_HEADER_BYTES: usize = 3;
const SAMPLE_DOMAIN: [u8; 16] = *b"OCM/sample/v1\0\0\0";

/// What is committed on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeCommitment {
    pub root: Hash,
    pub total_bytes: u64,
    /// 1..=20.
    pub depth: u8,
}

/// One leaf as its bucket shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BucketEntry {
    pub key: Hash,
    pub leaf_hash: Hash,
    pub bytes: u64,
}

/// The other child on the way up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sibling {
    pub hash: Hash,
    pub sum: u64,
}

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
    let mut prefix = key_prefix(&proof.leaf.token_hash, commitment.depth)?;
    let (mut hash, mut sum, mut offset) = open_bucket(proof, prefix, commitment.depth)?;
    for sibling in proof.path {
        if prefix & 1 == 1 {
            hash = hash_node(sibling, &Sibling { hash, sum });
            offset = offset
                .checked_add(sibling.sum)
                .ok_or(CoreError::SumOverflow)?;
        } else {
            hash = hash_node(&Sibling { hash, sum }, sibling);
        }
        sum = sum.checked_add(sibling.sum).ok_or(CoreError::SumOverflow)?;
        prefix >>= 1;
    }
    if hash != commitment.root {
        return Err(CoreError::RootMismatch);
    }
    if sum != commitment.total_bytes {
        return Err(CoreError::TotalMismatch);
    }
    check_target(target, offset, proof.leaf.bytes)
}

/// Root of a tree without leaves. Error: [`CoreError::DepthOutOfRange`].
pub fn empty_root(depth: u8) -> Result<Hash, CoreError> {
    check_depth(depth)?;
    let mut node = Sibling {
        hash: hash_bucket(&[])?,
        sum: 0,
    };
    for _ in 0..depth {
        node.hash = hash_node(&node, &node);
    }
    Ok(node.hash)
}

/// Target of sample `index`: the first 16 bytes of `SHA256(dom | seed | u16 index)`, little-endian, modulo `total_bytes`.
pub fn compute_sample_target(seed: &Hash, index: u16, total_bytes: u64) -> Result<u64, CoreError> {
    let digest = sha256(&[&SAMPLE_DOMAIN, seed, &index.to_le_bytes()]);
    let mut low = [0u8; 16];
    low.copy_from_slice(&digest[..16]);
    u128::from_le_bytes(low)
        .checked_rem(u128::from(total_bytes))
        .and_then(|target| u64::try_from(target).ok())
        .ok_or(CoreError::TotalZero)
}

/// Hash and sum of the leaf's bucket, and the bytes of the entries before the leaf.
fn open_bucket(
    proof: &SettlementProof<'_>,
    prefix: u32,
    depth: u8,
) -> Result<(Hash, u64, u64), CoreError> {
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
    Ok((hash_bucket(proof.bucket)?, sum, offset))
}

fn check_target(target: Option<u64>, offset: u64, bytes: u64) -> Result<(), CoreError> {
    let Some(target) = target else {
        return Ok(());
    };
    // Within the leaf, not `offset + bytes`: the end of the last leaf may be 2^64.
    match target.checked_sub(offset) {
        Some(within) if within < bytes => Ok(()),
        _ => Err(CoreError::TargetNotCovered),
    }
}

fn check_depth(depth: u8) -> Result<(), CoreError> {
    if (MIN_DEPTH..=MAX_DEPTH).contains(&depth) {
        Ok(())
    } else {
        Err(CoreError::DepthOutOfRange)
    }
}

/// Top `depth` bits of a key, big-endian.
fn key_prefix(key: &Hash, depth: u8) -> Result<u32, CoreError> {
    let [first, second, third, fourth, ..] = *key;
    let shift = 32u32
        .checked_sub(u32::from(depth))
        .ok_or(CoreError::DepthOutOfRange)?;
    u32::from_be_bytes([first, second, third, fourth])
        .checked_shr(shift)
        .ok_or(CoreError::DepthOutOfRange)
}

/// `SHA256(0x02 | u16 count | entries)`; the sum is bound by the entries' bytes.
fn hash_bucket(entries: &[BucketEntry]) -> Result<Hash, CoreError> {
    let count = u16::try_from(entries.len()).map_err(|_| CoreError::BucketSizeOutOfRange)?;
    let [low, high] = count.to_le_bytes();
    let mut body = [0u8; MAX_BUCKET_ENTRIES * ENTRY_BYTES];
    for (place, entry) in body.chunks_exact_mut(ENTRY_BYTES).zip(entries) {
        place[..32].copy_from_slice(&entry.key);
        place[32..64].copy_from_slice(&entry.leaf_hash);
        place[64..].copy_from_slice(&entry.bytes.to_le_bytes());
    }
    let used = entries
        .len()
        .checked_mul(ENTRY_BYTES)
        .and_then(|length| body.get(..length))
        .ok_or(CoreError::BucketSizeOutOfRange)?;
    let header: [u8; BUCKET_HEADER_BYTES] = [0x02, low, high];
    Ok(sha256(&[&header, used]))
}

/// `SHA256(0x01 | left hash | right hash | u64 left sum | u64 right sum)`.
fn hash_node(left: &Sibling, right: &Sibling) -> Hash {
    sha256(&[
        &[0x01],
        &left.hash,
        &right.hash,
        &left.sum.to_le_bytes(),
        &right.sum.to_le_bytes(),
    ])
}
