//! Rules of the marketplace that need no accounts: units, money, SLA tiers, footprints, signed messages, trees.
//!
//! Every rule here has a twin in `sdk/src/core` and both pass the same tables in `tests/vectors`.
//! Integers are little-endian, hashes are SHA-256, domains are 16 bytes of zero-padded ASCII (protocol 6.1).
//! Arithmetic is checked with `u128` intermediates; every rounding goes against the claimant. Loops are bounded.
#![no_std]
#![forbid(unsafe_code)]

mod bytes;
mod capacity;
mod consistency;
mod cosign;
mod ed25519_instruction;
mod error;
mod evidence;
mod footprint;
mod footprint_cover;
mod hash;
mod history;
mod inclusion;
mod leaf;
mod money;
mod panel;
mod receipt;
mod record_tree;
mod rewards;
mod sampling;
mod seed;
mod settlement;
mod settlement_node;
mod settlement_tree;
mod sla;
mod sla_reports;
mod slashing;
mod token;
mod units;

pub use capacity::{
    check_class, compute_sellable_rate, CapacityClass, ClassDeclaration, ClassLimits, ROLE_CAST,
    ROLE_CDN, ROLE_RELAY,
};
pub use consistency::{verify_consistency, ConsistencyProof};
pub use cosign::{Cosign, COSIGN_BYTES};
pub use ed25519_instruction::{
    parse_ed25519_cosign, parse_ed25519_pair, Ed25519Cosign, Ed25519Pair, ED25519_COSIGN_BYTES,
    ED25519_PAIR_BYTES,
};
pub use error::CoreError;
pub use evidence::{
    check_evidence, EvidenceTerms, KIND_RECEIPTED_MULTICAST, KIND_RECEIPTED_UNICAST,
    RECEIPT_EARLY_SECS, RECEIPT_LATE_SECS,
};
pub use footprint::{verify_footprint, Footprint, FootprintKind, FOOTPRINT_BYTES};
pub use hash::{sha256, Hash};
pub use history::{
    append_history, compute_history_leaf, compute_history_root, HistoryEntry, HISTORY_LEVELS,
    MAX_HISTORY_SIZE,
};
pub use inclusion::{
    verify_inclusion, IncludedLeaf, InclusionProof, BUCKET_ENTRY_BYTES, SIBLING_BYTES,
};
pub use leaf::{Leaf, LEAF_BYTES};
pub use money::{
    compute_gross, compute_lock, compute_max_epoch_gross, compute_payable_gross, compute_reserve,
    compute_severe_slash, compute_spare, compute_top_up,
};
pub use panel::{
    compute_panel_rate, Panel, PanelRate, PanelRow, MAX_PANEL_SIZE, PANEL_SUB_WINDOWS,
};
pub use receipt::{extend_accumulator, initial_accumulator, Receipt, RECEIPT_BYTES};
pub use record_tree::{
    empty_tree_head, hash_record, verify_audit_path, AuditPath, MAX_AUDIT_PATH_LEN,
};
pub use rewards::{
    check_reward_decrease, check_reward_successor, compute_reward_leaf, verify_reward,
    verify_reward_decrease, RewardEntry, RewardProof, RewardRoot,
};
pub use sampling::{
    compute_rearmed_sample_count, compute_sample_count, compute_sample_target, MAX_SAMPLES,
};
pub use seed::{compute_seed, SlotHash, SlotHashes, MAX_SLOT_HASHES};
pub use settlement::{check_splits, compute_settlement, Settlement, SettlementInput, MAX_SPLITS};
pub use settlement_node::{
    BucketEntry, Sibling, TreeCommitment, MAX_BUCKET_ENTRIES, MAX_DEPTH, MIN_DEPTH,
};
pub use settlement_tree::{empty_root, verify_settlement_proof, SettlementProof};
pub use sla::{
    check_sla, compute_penalty_basis_points, is_severe, Sla, SlaMetric, SlaSummary, SlaTier,
    MAX_SLA_TIERS,
};
pub use sla_reports::{compute_sla_median, MAX_SLA_REPORTS};
pub use slashing::{compute_liveness_slash, compute_slash_split, SlashSplit};
pub use token::{Token, TOKEN_BYTES, TOKEN_FLAG_MULTICAST};
pub use units::{
    max_epoch_bytes, BASIS_POINTS, BYTES_PER_GIGABYTE, BYTES_PER_SECOND_PER_KILOBIT,
    MAX_FEE_BASIS_POINTS, PARTS_PER_MILLION,
};
