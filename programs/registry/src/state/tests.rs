//! Rules of the accounts, by subject; what every subject starts from stands here.

mod config;
mod keys;
mod layouts;
mod licence;
mod node;
mod params;
mod stake;

use anchor_lang::prelude::*;

use super::*;
use crate::constants::*;
use crate::error::RegistryError;

pub(super) fn params() -> Params {
    Params {
        epoch_lengths_secs: [300, 3_600, 86_400, 0],
        commit_delay_secs: 600,
        commit_window_secs: 7_200,
        prove_window_secs: 21_600,
        challenge_window_secs: 43_200,
        challenge_response_secs: 10_800,
        cosign_window_secs: 604_800,
        settle_window_secs: 172_800,
        token_grace_secs: 600,
        unbond_secs: 604_800,
        seed_delay_slots: 64,
        prefund_epochs: 6,
        slash_multiplier_basis_points: 20_000,
        liveness_slash_basis_points: 2_500,
        severe_sla_basis_points: 5_000,
        challenge_bond: 1_000_000,
        credit_bytes: 8 << 20,
        max_token_bytes: 64 << 30,
    }
}

pub(super) fn participant() -> Participant {
    Participant {
        version: ACCOUNT_VERSION,
        bump: 255,
        owner: Pubkey::new_from_array([1; 32]),
        kind: ParticipantKind::Seller,
        stake_mint: Pubkey::new_from_array([2; 32]),
        hot: Pubkey::default(),
        hot_scope: 0,
        hot_expires_at: 0,
        payout: Pubkey::new_from_array([3; 32]),
        stake_free: 0,
        stake_locked: 0,
        unbonding: [Unbonding::default(); MAX_UNBONDING],
        slashed_total: 0,
        status: ParticipantStatus::Active,
        node_count: 0,
        active_commitments: 0,
        active_contracts: 0,
        next_contract_nonce: 0,
        slash_window_began_at: 0,
        slash_window_stake: 0,
        slashed_in_window: 0,
        inactive_nodes: 0,
        closed_nodes: 0,
        auditor_admitted_at: 0,
        reserved: [0; PARTICIPANT_RESERVED_BYTES],
    }
}

pub(super) fn node() -> Node {
    Node {
        version: ACCOUNT_VERSION,
        bump: 255,
        participant: Pubkey::new_from_array([1; 32]),
        index: 0,
        role: NodeRole::Relay,
        endpoints: [Endpoint::default(); MAX_ENDPOINTS],
        endpoint_proof_at: 7,
        asn: 64_496,
        footprint_root: [0; 32],
        tls_spki: [0; 32],
        bandwidth_proof_flags: 0,
        claim_egress_kilobits_per_second: 1_000,
        claim_ingress_kilobits_per_second: 0,
        verified_egress: VerifiedRate::default(),
        verified_ingress: VerifiedRate::default(),
        verified_multicast: VerifiedReach::default(),
        committed_kilobits_per_second: 0,
        status: NodeStatus::Active,
        class: CapacityClass::Unicast,
        metered_consent: false,
        carousel_hash: [0; 32],
        reserved: [0; NODE_RESERVED_BYTES],
    }
}

pub(super) fn refused<T: std::fmt::Debug>(result: Result<T>, error: RegistryError) {
    assert_eq!(result.unwrap_err(), error.into());
}
