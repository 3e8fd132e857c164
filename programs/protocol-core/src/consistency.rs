use crate::hash::hash_children;
use crate::record_tree::MAX_AUDIT_PATH_LEN;
use crate::{CoreError, Hash};

/// Two states of one growing tree and the nodes that prove that the second only appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyProof<'a> {
    pub first_size: u64,
    pub second_size: u64,
    pub path: &'a [Hash],
}

/// Consistency of two tree heads by the algorithm of RFC 9162 2.1.4.2.
///
/// A tree is consistent with itself by an empty path. Nothing says anything about the empty tree, so it is refused.
/// Errors: [`CoreError::IndexOutOfRange`] for sizes of zero or out of order, [`CoreError::PathLengthWrong`],
/// [`CoreError::FirstRootMismatch`], [`CoreError::RootMismatch`] for the second.
pub fn verify_consistency(
    first_root: &Hash,
    second_root: &Hash,
    proof: &ConsistencyProof<'_>,
) -> Result<(), CoreError> {
    if proof.first_size == 0 || proof.first_size > proof.second_size {
        return Err(CoreError::IndexOutOfRange);
    }
    // The second tree adds at most one node per level, and the first starts it with one more.
    if proof.path.len() > MAX_AUDIT_PATH_LEN.saturating_add(1) {
        return Err(CoreError::PathLengthWrong);
    }
    if proof.first_size == proof.second_size {
        return check_same(first_root, second_root, proof.path);
    }
    let mut place = proof.first_size.saturating_sub(1);
    let mut last = proof.second_size.saturating_sub(1);
    let levels = place.trailing_ones();
    place = place.checked_shr(levels).unwrap_or(0);
    last = last.checked_shr(levels).unwrap_or(0);

    // A full first tree is a node of the second, so the proof does not repeat it.
    let (mut first, path) = if proof.first_size.is_power_of_two() {
        (*first_root, proof.path)
    } else {
        let (start, rest) = proof.path.split_first().ok_or(CoreError::PathLengthWrong)?;
        (*start, rest)
    };
    let mut second = first;
    for node in path {
        if last == 0 {
            return Err(CoreError::PathLengthWrong);
        }
        if place & 1 == 1 || place == last {
            first = hash_children(node, &first);
            second = hash_children(node, &second);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            second = hash_children(&second, node);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(CoreError::PathLengthWrong);
    }
    if first != *first_root {
        return Err(CoreError::FirstRootMismatch);
    }
    check_root(&second, second_root)
}

fn check_same(first_root: &Hash, second_root: &Hash, path: &[Hash]) -> Result<(), CoreError> {
    if !path.is_empty() {
        return Err(CoreError::PathLengthWrong);
    }
    check_root(first_root, second_root)
}

fn check_root(computed: &Hash, root: &Hash) -> Result<(), CoreError> {
    if computed == root {
        Ok(())
    } else {
        Err(CoreError::RootMismatch)
    }
}
