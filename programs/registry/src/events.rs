use anchor_lang::prelude::*;

use crate::state::{
    CapacityClass, Endpoint, NetworkTerms, NodeRole, ParticipantKind, ParticipantStatus, PoolMember,
};

#[event]
pub struct ConfigInitialized {
    pub config: Pubkey,
    pub board: Pubkey,
    pub guardian: Pubkey,
    pub treasury: Pubkey,
    pub cluster_tag: u32,
    pub development: bool,
    pub fee_basis_points: u16,
    pub params_hash: [u8; 32],
}

#[event]
pub struct MintAllowed {
    pub mint: Pubkey,
    pub token_program: Pubkey,
}

#[event]
pub struct StakeVaultCreated {
    pub mint: Pubkey,
    pub stake_vault: Pubkey,
}

#[event]
pub struct ParticipantRegistered {
    pub participant: Pubkey,
    pub owner: Pubkey,
    pub kind: ParticipantKind,
    pub stake_mint: Pubkey,
    pub payout: Pubkey,
}

#[event]
pub struct HotKeySet {
    pub participant: Pubkey,
    pub hot_before: Pubkey,
    pub hot_after: Pubkey,
    pub scope: u16,
    pub expires_at: i64,
}

#[event]
pub struct StakeDeposited {
    pub participant: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
    pub stake_free_before: u64,
    pub stake_free_after: u64,
}

#[event]
pub struct UnbondRequested {
    pub participant: Pubkey,
    pub slot: u8,
    pub amount: u64,
    pub ready_at: i64,
    pub stake_free_before: u64,
    pub stake_free_after: u64,
}

#[event]
pub struct UnbondCancelled {
    pub participant: Pubkey,
    pub slot: u8,
    pub amount: u64,
    pub stake_free_before: u64,
    pub stake_free_after: u64,
}

#[event]
pub struct StakeWithdrawn {
    pub participant: Pubkey,
    pub slot: u8,
    pub mint: Pubkey,
    pub amount: u64,
}

#[event]
pub struct StakeLocked {
    pub participant: Pubkey,
    pub amount: u64,
    pub stake_free_after: u64,
    pub stake_locked_after: u64,
}

#[event]
pub struct StakeUnlocked {
    pub participant: Pubkey,
    pub amount: u64,
    pub stake_free_after: u64,
    pub stake_locked_after: u64,
}

#[event]
pub struct StakeSlashed {
    pub participant: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
    /// Token account that received it.
    pub recipient: Pubkey,
    pub stake_locked_after: u64,
    pub slashed_total_after: u64,
    pub status_after: ParticipantStatus,
}

#[event]
pub struct JailLeft {
    pub participant: Pubkey,
}

#[event]
pub struct NodeRegistered {
    pub node: Pubkey,
    pub participant: Pubkey,
    pub index: u32,
    pub role: NodeRole,
    pub endpoints: [Endpoint; 2],
    pub asn: u32,
    pub claim_egress_kilobits_per_second: u64,
    pub claim_ingress_kilobits_per_second: u64,
    pub class: CapacityClass,
}

#[event]
pub struct NodeUpdated {
    pub node: Pubkey,
    pub endpoints_before: [Endpoint; 2],
    pub endpoints_after: [Endpoint; 2],
    pub tls_spki: [u8; 32],
}

#[event]
pub struct NodeCapacityReserved {
    pub node: Pubkey,
    pub kilobits_per_second: u64,
    pub committed_before: u64,
    pub committed_after: u64,
}

#[event]
pub struct NodeCapacityReleased {
    pub node: Pubkey,
    pub kilobits_per_second: u64,
    pub committed_before: u64,
    pub committed_after: u64,
}

#[event]
pub struct ContractBegun {
    pub content_provider: Pubkey,
    pub seller: Pubkey,
    pub nonce: u64,
}

#[event]
pub struct ContractEnded {
    pub content_provider: Pubkey,
    pub seller: Pubkey,
}

#[event]
pub struct NodeProfileUpdated {
    pub node: Pubkey,
    pub asn_before: u32,
    pub asn_after: u32,
    pub footprint_root_before: [u8; 32],
    pub footprint_root_after: [u8; 32],
    pub tls_spki: [u8; 32],
    pub bandwidth_proof_flags: u8,
    pub metered_consent: bool,
    pub carousel_hash: [u8; 32],
}

#[event]
pub struct NodeRatesSet {
    pub node: Pubkey,
    pub egress_before: u64,
    pub egress_after: u64,
    pub ingress_before: u64,
    pub ingress_after: u64,
}

#[event]
pub struct NodeDeactivated {
    pub node: Pubkey,
    pub participant: Pubkey,
}

#[event]
pub struct NodeReactivated {
    pub node: Pubkey,
    pub participant: Pubkey,
}

#[event]
pub struct NodeClosed {
    pub node: Pubkey,
    pub participant: Pubkey,
    pub index: u32,
}

#[event]
pub struct NodeFootprintProven {
    pub node: Pubkey,
    pub footprint: [u8; 18],
    pub footprint_root: [u8; 32],
}

#[event]
pub struct PayoutSet {
    pub participant: Pubkey,
    pub payout_before: Pubkey,
    pub payout_after: Pubkey,
}

#[event]
pub struct ParticipantExited {
    pub participant: Pubkey,
    pub owner: Pubkey,
}

#[event]
pub struct ParticipantClosed {
    pub participant: Pubkey,
    pub owner: Pubkey,
    pub next_contract_nonce: u64,
    pub lamports_returned: u64,
}

#[event]
pub struct AuditorAdmitted {
    pub participant: Pubkey,
    pub admitted_at: i64,
}

#[event]
pub struct AuditorDismissed {
    pub participant: Pubkey,
    pub admitted_at_before: i64,
}

#[event]
pub struct BeaconRegistryCreated {
    pub beacon_registry: Pubkey,
}

#[event]
pub struct BeaconPageCreated {
    pub beacon_page: Pubkey,
    pub page: u16,
}

#[event]
pub struct BeaconRegistered {
    pub beacon: Pubkey,
    pub beacon_key: Pubkey,
    pub owner: Pubkey,
    pub index: u32,
    pub asn: u32,
    pub down_kilobits_per_second: u64,
    pub bond_mint: Pubkey,
    pub bond: u64,
    pub count_after: u32,
}

#[event]
pub struct BeaconExited {
    pub beacon: Pubkey,
    pub index: u32,
    pub moved_key: Pubkey,
    pub moved_index_before: u32,
    pub bond_ready_at: i64,
    pub count_after: u32,
}

#[event]
pub struct BeaconBondWithdrawn {
    pub beacon: Pubkey,
    pub owner: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
}

#[event]
pub struct BeaconTagged {
    pub beacon: Pubkey,
    pub auditor: Pubkey,
    pub prefix_tag_before: u32,
    pub prefix_tag_after: u32,
    pub expires_at: i64,
}

#[event]
pub struct PoolSharesProposed {
    pub pool: Pubkey,
    pub creator: Pubkey,
    pub revision: u32,
    pub members: [PoolMember; 8],
}

#[event]
pub struct PoolSharesAccepted {
    pub pool: Pubkey,
    pub participant: Pubkey,
    pub revision: u32,
    pub complete: bool,
}

#[event]
pub struct PoolMemberLeft {
    pub pool: Pubkey,
    pub participant: Pubkey,
    pub revision: u32,
}

#[event]
pub struct PoolClosed {
    pub pool: Pubkey,
    pub creator: Pubkey,
}

#[event]
pub struct OperatorTermsPublished {
    pub operator_terms: Pubkey,
    pub participant: Pubkey,
    pub asn: u32,
    pub terms: NetworkTerms,
}

#[event]
pub struct OperatorTermsUpdated {
    pub operator_terms: Pubkey,
    pub terms_before: NetworkTerms,
    pub terms_after: NetworkTerms,
}

#[event]
pub struct OperatorTermsWithdrawn {
    pub operator_terms: Pubkey,
    pub participant: Pubkey,
    pub asn: u32,
}

#[event]
pub struct NodeConsentGranted {
    pub node_consent: Pubkey,
    pub node: Pubkey,
    pub participant: Pubkey,
    pub terms_hash: [u8; 32],
}

#[event]
pub struct NodeConsentRevoked {
    pub node_consent: Pubkey,
    pub node: Pubkey,
    pub participant: Pubkey,
}

#[event]
pub struct LicenceMinted {
    pub licence_mint: Pubkey,
    pub node: Pubkey,
    pub participant: Pubkey,
    pub holder: Pubkey,
    pub role: NodeRole,
    pub class: CapacityClass,
    pub asn: u32,
}

#[event]
pub struct LicenceRetired {
    pub licence_mint: Pubkey,
    pub node: Pubkey,
    pub node_index: u32,
    pub participant: Pubkey,
    /// Received the mint's rent.
    pub owner: Pubkey,
    /// 0 where the holder had burned the token itself.
    pub burned: u64,
    pub lamports_returned: u64,
}
