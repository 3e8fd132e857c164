use crate::hash::hash_children;
use crate::{sha256, CoreError, Hash};

/// A tree of at most 2^64 − 1 entries has at most 64 levels.
pub const MAX_AUDIT_PATH_LEN: usize = 64;

/// A place in an RFC 9162 tree and the nodes that prove it, bottom-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditPath<'a> {
    /// From zero.
    pub index: u64,
    /// Entries of the tree.
    pub size: u64,
    pub path: &'a [Hash],
}

/// Tree head of no entries: `SHA256("")`.
pub fn empty_tree_head() -> Hash {
    sha256(&[])
}

/// Leaf hash of an entry: `SHA256(0x00 | entry)`.
pub fn hash_record(entry: &[u8]) -> Hash {
    sha256(&[&[0x00], entry])
}

/// Inclusion of a leaf hash in a tree head, by the algorithm of RFC 9162 2.1.3.2; at most 64 hashes.
///
/// Errors: [`CoreError::IndexOutOfRange`], [`CoreError::PathLengthWrong`], [`CoreError::RootMismatch`].
pub fn verify_audit_path(
    root: &Hash,
    leaf_hash: &Hash,
    proof: &AuditPath<'_>,
) -> Result<(), CoreError> {
    if proof.index >= proof.size {
        return Err(CoreError::IndexOutOfRange);
    }
    if proof.path.len() > MAX_AUDIT_PATH_LEN {
        return Err(CoreError::PathLengthWrong);
    }
    let mut first = proof.index;
    let mut second = proof.size.saturating_sub(1);
    let mut node = *leaf_hash;
    for sibling in proof.path {
        if second == 0 {
            return Err(CoreError::PathLengthWrong);
        }
        if first & 1 == 1 || first == second {
            node = hash_children(sibling, &node);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                second >>= 1;
            }
        } else {
            node = hash_children(&node, sibling);
        }
        first >>= 1;
        second >>= 1;
    }
    if second != 0 {
        return Err(CoreError::PathLengthWrong);
    }
    if node != *root {
        return Err(CoreError::RootMismatch);
    }
    Ok(())
}
