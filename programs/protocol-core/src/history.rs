use crate::hash::hash_children;
use crate::{sha256, CoreError, Hash};

/// Levels of the frontier in a contract account.
pub const HISTORY_LEVELS: usize = 16;
/// Entries that 16 levels can hold: a contract must not have more commitments than this, or the last could never settle.
pub const MAX_HISTORY_SIZE: u64 = 65_535;

/// One settled commitment, as it enters the history (protocol 6.7, settle).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Address of the DeliveryCommitment account.
    pub commitment: [u8; 32],
    pub epoch: u32,
    pub kind: u8,
    pub root: Hash,
    pub total_bytes: u64,
    pub gross: u64,
    pub penalty: u64,
}

/// `SHA256(0x00 | commitment | epoch | kind | root | total_bytes | gross | penalty)`.
pub fn compute_history_leaf(entry: &HistoryEntry) -> Hash {
    sha256(&[
        &[0x00],
        &entry.commitment,
        &entry.epoch.to_le_bytes(),
        &[entry.kind],
        &entry.root,
        &entry.total_bytes.to_le_bytes(),
        &entry.gross.to_le_bytes(),
        &entry.penalty.to_le_bytes(),
    ])
}

/// Appends a leaf hash to an RFC 9162 compact range and returns the new size.
///
/// `frontier[level]` is the root of a full subtree of `2^level` leaves wherever `size` has that bit, zero elsewhere.
/// At most 16 hashes. Error: [`CoreError::HistoryFull`], with the frontier untouched.
pub fn append_history(
    frontier: &mut [Hash; HISTORY_LEVELS],
    size: u64,
    leaf: Hash,
) -> Result<u64, CoreError> {
    if size >= MAX_HISTORY_SIZE {
        return Err(CoreError::HistoryFull);
    }
    let new_size = size.checked_add(1).ok_or(CoreError::HistoryFull)?;
    let mut node = leaf;
    for (level, peak) in frontier.iter_mut().enumerate() {
        if !has_level(size, level) {
            *peak = node;
            return Ok(new_size);
        }
        node = hash_children(peak, &node);
        *peak = [0; 32];
    }
    Err(CoreError::HistoryFull)
}

/// RFC 9162 tree head of the appended leaves; `SHA256("")` of none.
pub fn compute_history_root(frontier: &[Hash; HISTORY_LEVELS], size: u64) -> Hash {
    let mut root: Option<Hash> = None;
    for (level, peak) in frontier.iter().enumerate() {
        if has_level(size, level) {
            root = Some(root.map_or(*peak, |right| hash_children(peak, &right)));
        }
    }
    root.unwrap_or_else(|| sha256(&[]))
}

fn has_level(size: u64, level: usize) -> bool {
    u32::try_from(level)
        .ok()
        .and_then(|shift| size.checked_shr(shift))
        .is_some_and(|bits| bits & 1 == 1)
}
