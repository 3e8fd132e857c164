//! Rules of the marketplace that need no accounts: units, money, SLA tiers, footprints, signed messages, trees.
//!
//! Every rule here has a twin in `sdk/src/core` and both pass the same tables in `tests/vectors`.
//! Integers are little-endian, hashes are SHA-256, domains are 16 bytes of zero-padded ASCII (protocol 6.1).
//! Arithmetic is checked with `u128` intermediates; every rounding goes against the claimant. Loops are bounded.
#![no_std]
#![forbid(unsafe_code)]

mod bytes;
mod error;
mod footprint;
mod footprint_cover;
mod hash;
mod history;
mod leaf;
mod money;
mod receipt;
mod record_tree;
mod settlement;
mod settlement_tree;
mod sla;
mod token;
mod units;

pub use error::CoreError;
pub use footprint::{Footprint, FootprintKind, FOOTPRINT_BYTES};
pub use hash::{sha256, Hash};
pub use history::{
    append_history, compute_history_leaf, compute_history_root, HistoryEntry, HISTORY_LEVELS,
    MAX_HISTORY_SIZE,
};
pub use leaf::{Leaf, LEAF_BYTES};
pub use money::{
    compute_gross, compute_lock, compute_max_epoch_gross, compute_payable_gross, compute_reserve,
    compute_severe_slash, compute_spare, compute_top_up,
};
pub use receipt::{extend_accumulator, initial_accumulator, Receipt, RECEIPT_BYTES};
pub use record_tree::{
    empty_tree_head, hash_record, verify_audit_path, AuditPath, MAX_AUDIT_PATH_LEN,
};
pub use settlement::{check_splits, compute_settlement, Settlement, SettlementInput, MAX_SPLITS};
pub use settlement_tree::{
    compute_sample_target, empty_root, verify_settlement_proof, BucketEntry, SettlementProof,
    Sibling, TreeCommitment, MAX_BUCKET_ENTRIES, MAX_DEPTH, MIN_DEPTH,
};
pub use sla::{
    check_sla, compute_penalty_basis_points, is_severe, Sla, SlaMetric, SlaSummary, SlaTier,
    MAX_SLA_TIERS,
};
pub use token::{Token, TOKEN_BYTES, TOKEN_FLAG_MULTICAST};
pub use units::{
    max_epoch_bytes, BASIS_POINTS, BYTES_PER_GIGABYTE, BYTES_PER_SECOND_PER_KILOBIT,
    MAX_FEE_BASIS_POINTS, PARTS_PER_MILLION,
};
