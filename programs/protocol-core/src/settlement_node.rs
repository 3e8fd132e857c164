//! Buckets and nodes of the settlement tree of protocol 6.5.
use crate::{sha256, CoreError, Hash};

pub const MIN_DEPTH: u8 = 1;
pub const MAX_DEPTH: u8 = 20;
pub const MAX_BUCKET_ENTRIES: usize = 8;

pub(crate) const ENTRY_BYTES: usize = 72;
const BUCKET_HEADER_BYTES: usize = 3;

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

/// A child of a node, its hash of 32 bytes where it lies: a copy of each would cost more than the hashing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Child<'a> {
    pub hash: &'a [u8],
    pub sum: u64,
}

/// A subtree on the way up, and the bytes of the leaves before the one to prove.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub hash: Hash,
    pub sum: u64,
    pub offset: u64,
}

/// From a bucket to the root, which must be the committed one with the committed total. Returns the leaf's first byte.
///
/// The caller has checked that `path` has one sibling per level.
pub(crate) fn climb<'a>(
    commitment: &TreeCommitment,
    bucket_prefix: u32,
    bucket: Place,
    path: impl Iterator<Item = Child<'a>>,
) -> Result<u64, CoreError> {
    let Place {
        mut hash,
        mut sum,
        mut offset,
    } = bucket;
    let mut prefix = bucket_prefix;
    for sibling in path {
        let sibling_sum = sibling.sum;
        let own = Child { hash: &hash, sum };
        if prefix & 1 == 1 {
            hash = hash_node(sibling, own);
            offset = offset
                .checked_add(sibling_sum)
                .ok_or(CoreError::SumOverflow)?;
        } else {
            hash = hash_node(own, sibling);
        }
        sum = sum.checked_add(sibling_sum).ok_or(CoreError::SumOverflow)?;
        prefix >>= 1;
    }
    if hash != commitment.root {
        return Err(CoreError::RootMismatch);
    }
    if sum != commitment.total_bytes {
        return Err(CoreError::TotalMismatch);
    }
    Ok(offset)
}

pub(crate) fn check_target(target: Option<u64>, offset: u64, bytes: u64) -> Result<(), CoreError> {
    let Some(target) = target else {
        return Ok(());
    };
    // Within the leaf, not `offset + bytes`: the end of the last leaf may be 2^64.
    match target.checked_sub(offset) {
        Some(within) if within < bytes => Ok(()),
        _ => Err(CoreError::TargetNotCovered),
    }
}

pub(crate) fn check_depth(depth: u8) -> Result<(), CoreError> {
    if (MIN_DEPTH..=MAX_DEPTH).contains(&depth) {
        Ok(())
    } else {
        Err(CoreError::DepthOutOfRange)
    }
}

/// Top `depth` bits of a key, big-endian.
pub(crate) fn key_prefix(key: &Hash, depth: u8) -> Result<u32, CoreError> {
    let [first, second, third, fourth, ..] = *key;
    let shift = 32u32
        .checked_sub(u32::from(depth))
        .ok_or(CoreError::DepthOutOfRange)?;
    u32::from_be_bytes([first, second, third, fourth])
        .checked_shr(shift)
        .ok_or(CoreError::DepthOutOfRange)
}

/// `SHA256(0x02 | u16 count | entries)`; the sum is bound by the entries' bytes.
pub(crate) fn hash_bucket(entries: &[BucketEntry]) -> Result<Hash, CoreError> {
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
pub(crate) fn hash_node(left: Child<'_>, right: Child<'_>) -> Hash {
    sha256(&[
        &[0x01],
        left.hash,
        right.hash,
        &left.sum.to_le_bytes(),
        &right.sum.to_le_bytes(),
    ])
}
