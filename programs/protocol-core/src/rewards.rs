//! Rewards of many members under one root, paid by lifetime amounts (protocol 6.12).
use crate::{sha256, verify_audit_path, AuditPath, CoreError, Hash};

/// What one member of a pool has earned since its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardEntry {
    /// Place in the pool; it never changes hands, as what was paid is kept by place.
    pub index: u32,
    pub owner: [u8; 32],
    /// Base units; it never decreases.
    pub lifetime: u64,
}

/// What a pool commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardRoot {
    /// RFC 9162 tree head over the entries in the order of their index.
    pub root: Hash,
    /// Entries.
    pub count: u32,
    /// Sum of all lifetime amounts, as proposed.
    pub total_lifetime: u64,
}

/// An entry and the nodes that prove it, bottom-up.
#[derive(Clone, Copy, Debug)]
pub struct RewardProof<'a> {
    pub entry: &'a RewardEntry,
    pub path: &'a [Hash],
}

/// `SHA256(0x00 | u32 index | owner | u64 lifetime)`.
pub fn compute_reward_leaf(entry: &RewardEntry) -> Hash {
    sha256(&[
        &[0x00],
        &entry.index.to_le_bytes(),
        &entry.owner,
        &entry.lifetime.to_le_bytes(),
    ])
}

/// Inclusion of an entry at its own index; at most 32 hashes.
///
/// Errors: [`CoreError::IndexOutOfRange`], [`CoreError::PathLengthWrong`], [`CoreError::RootMismatch`].
pub fn verify_reward(root: &RewardRoot, proof: &RewardProof<'_>) -> Result<(), CoreError> {
    let path = AuditPath {
        index: u64::from(proof.entry.index),
        size: u64::from(root.count),
        path: proof.path,
    };
    verify_audit_path(&root.root, &compute_reward_leaf(proof.entry), &path)
}

/// What a proposed root must fulfil at sight: no member and no unit of the total may vanish.
///
/// Errors: [`CoreError::RewardCountDecreased`], [`CoreError::RewardTotalDecreased`].
pub fn check_reward_successor(active: &RewardRoot, pending: &RewardRoot) -> Result<(), CoreError> {
    if pending.count < active.count {
        return Err(CoreError::RewardCountDecreased);
    }
    if pending.total_lifetime < active.total_lifetime {
        return Err(CoreError::RewardTotalDecreased);
    }
    Ok(())
}

/// Why a root can be vetoed: the entry of one place has less than before, or another owner.
///
/// Errors: [`CoreError::RewardIndexWrong`] for entries of two places, [`CoreError::RewardNotDecreased`].
pub fn check_reward_decrease(before: &RewardEntry, after: &RewardEntry) -> Result<(), CoreError> {
    if before.index != after.index {
        return Err(CoreError::RewardIndexWrong);
    }
    if before.owner == after.owner && before.lifetime <= after.lifetime {
        return Err(CoreError::RewardNotDecreased);
    }
    Ok(())
}

/// Proof for a veto: a member of the active root has less in the pending one, or lost its place to another owner.
///
/// Errors: [`CoreError::RewardIndexWrong`] for entries of two places, [`CoreError::RewardNotDecreased`], those of
/// [`verify_reward`].
pub fn verify_reward_decrease(
    active: (&RewardRoot, &RewardProof<'_>),
    pending: (&RewardRoot, &RewardProof<'_>),
) -> Result<(), CoreError> {
    let (before, after) = (active.1.entry, pending.1.entry);
    if before.index != after.index {
        return Err(CoreError::RewardIndexWrong);
    }
    verify_reward(active.0, active.1)?;
    verify_reward(pending.0, pending.1)?;
    check_reward_decrease(before, after)
}
