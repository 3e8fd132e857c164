use crate::bytes::{take, take_u64};
use crate::settlement_node::{
    check_depth, check_target, climb, key_prefix, Child, Place, ENTRY_BYTES, MAX_BUCKET_ENTRIES,
};
use crate::{sha256, CoreError, Hash, Leaf, TreeCommitment};

/// Encoded length of a bucket entry: key, leaf hash, u64 bytes.
pub const BUCKET_ENTRY_BYTES: usize = ENTRY_BYTES;
/// Encoded length of a sibling: hash, u64 sum.
pub const SIBLING_BYTES: usize = 40;

/// A proof as it travels in a transaction: 112 + 72 · others + 40 · depth bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InclusionProof<'a> {
    /// LEAF, 112 bytes.
    pub leaf: &'a [u8],
    /// The other entries of the leaf's bucket, ascending by key: the leaf's own follows from the leaf.
    pub others: &'a [u8],
    /// One sibling per level, bottom-up.
    pub path: &'a [u8],
}

/// What a verified proof says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncludedLeaf {
    pub leaf: Leaf,
    pub leaf_hash: Hash,
}

/// Verifies that the leaf is in the commitment and covers `target`: `offset ≤ target < offset + bytes`.
///
/// Made for the chain: reads the instruction's bytes in place and takes `depth + 2` hashes, so at most 22.
/// Errors: those of [`Leaf::decode`], [`CoreError::LengthWrong`] for a broken entry, and one per rule of protocol 6.5.
pub fn verify_inclusion(
    commitment: &TreeCommitment,
    target: u64,
    proof: &InclusionProof<'_>,
) -> Result<IncludedLeaf, CoreError> {
    check_depth(commitment.depth)?;
    let leaf = Leaf::decode(proof.leaf)?;
    let levels = usize::from(commitment.depth);
    if levels.checked_mul(SIBLING_BYTES) != Some(proof.path.len()) {
        return Err(CoreError::PathLengthWrong);
    }
    let leaf_hash = sha256(&[&[0x00], proof.leaf]);
    let prefix = key_prefix(&leaf.token_hash, commitment.depth)?;
    let bucket = open_bucket(&leaf, &leaf_hash, proof.others, prefix, commitment.depth)?;
    let siblings = proof.path.chunks_exact(SIBLING_BYTES).map(read_sibling);
    let offset = climb(commitment, prefix, bucket, siblings)?;
    check_target(Some(target), offset, leaf.bytes)?;
    Ok(IncludedLeaf { leaf, leaf_hash })
}

/// The bucket of `others` with the leaf's own entry put at its place; nothing is copied.
fn open_bucket(
    leaf: &Leaf,
    leaf_hash: &Hash,
    others: &[u8],
    prefix: u32,
    depth: u8,
) -> Result<Place, CoreError> {
    let entries = others.chunks_exact(ENTRY_BYTES);
    if !entries.remainder().is_empty() {
        return Err(CoreError::LengthWrong);
    }
    if entries.len() >= MAX_BUCKET_ENTRIES {
        return Err(CoreError::BucketSizeOutOfRange);
    }
    let mut sum = leaf.bytes;
    let (mut offset, mut place) = (0u64, 0usize);
    let mut previous: Option<Hash> = None;
    for entry in entries {
        let key: Hash = take(entry, 0)?;
        let bytes = take_u64(entry, 64)?;
        if previous.is_some_and(|last| last >= key) || key == leaf.token_hash {
            return Err(CoreError::BucketOrderWrong);
        }
        if key_prefix(&key, depth)? != prefix {
            return Err(CoreError::BucketPrefixWrong);
        }
        sum = sum.checked_add(bytes).ok_or(CoreError::SumOverflow)?;
        if key < leaf.token_hash {
            offset = offset.checked_add(bytes).ok_or(CoreError::SumOverflow)?;
            place = place
                .checked_add(ENTRY_BYTES)
                .ok_or(CoreError::BucketSizeOutOfRange)?;
        }
        previous = Some(key);
    }
    let hash = hash_with_own_entry(leaf, leaf_hash, others, place)?;
    Ok(Place { hash, sum, offset })
}

/// `SHA256(0x02 | u16 count | entries before | own entry | entries after)`.
fn hash_with_own_entry(
    leaf: &Leaf,
    leaf_hash: &Hash,
    others: &[u8],
    place: usize,
) -> Result<Hash, CoreError> {
    let (before, after) = others
        .split_at_checked(place)
        .ok_or(CoreError::BucketSizeOutOfRange)?;
    let count = others
        .len()
        .checked_div(ENTRY_BYTES)
        .and_then(|count| count.checked_add(1))
        .and_then(|count| u16::try_from(count).ok())
        .ok_or(CoreError::BucketSizeOutOfRange)?;
    let [low, high] = count.to_le_bytes();
    Ok(sha256(&[
        &[0x02, low, high],
        before,
        &leaf.token_hash,
        leaf_hash,
        &leaf.bytes.to_le_bytes(),
        after,
    ]))
}

/// The chunk has 40 bytes.
fn read_sibling(bytes: &[u8]) -> Child<'_> {
    let (hash, sum) = bytes.split_at(32);
    Child {
        hash,
        sum: sum.try_into().map_or(0, u64::from_le_bytes),
    }
}
