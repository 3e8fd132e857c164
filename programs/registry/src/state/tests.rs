use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};

use super::*;
use crate::constants::*;
use crate::error::RegistryError;

const DAY_SECS: i64 = 86_400;

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

#[test]
fn layouts_and_discriminators_are_pinned() {
    assert_eq!(Params::INIT_SPACE, 88);
    assert_eq!(Config::INIT_SPACE, 435);
    assert_eq!(Participant::INIT_SPACE, 314);
    assert_eq!(Node::INIT_SPACE, 333);
    assert_eq!(
        Config::DISCRIMINATOR,
        [155, 12, 170, 224, 30, 250, 204, 130]
    );
    assert_eq!(
        Participant::DISCRIMINATOR,
        [32, 142, 108, 79, 247, 179, 54, 6]
    );
    assert_eq!(Node::DISCRIMINATOR, [208, 53, 1, 3, 49, 122, 180, 49]);
}

#[test]
fn the_calling_programs_authorities_are_their_canonical_addresses() {
    for (program, (address, bump)) in [
        (MARKET_PROGRAM_ID, MARKET_AUTHORITY_AND_BUMP),
        (SETTLEMENT_PROGRAM_ID, SETTLEMENT_AUTHORITY_AND_BUMP),
    ] {
        let found = Pubkey::find_program_address(&[AUTHORITY_SEED], &program);
        assert_eq!(found, (address, bump));
    }
}

#[test]
fn default_parameters_are_accepted_and_each_bound_is_enforced() {
    params().validate(false).unwrap();
    let changes: [fn(&mut Params); 12] = [
        |p| p.commit_delay_secs = 59,
        |p| p.commit_window_secs = 86_401,
        |p| p.prove_window_secs = 1,
        |p| p.challenge_window_secs = 21_599,
        |p| p.cosign_window_secs = 1,
        |p| p.unbond_secs = 1,
        |p| p.seed_delay_slots = 31,
        |p| p.prefund_epochs = 0,
        |p| p.slash_multiplier_basis_points = 9_999,
        |p| p.liveness_slash_basis_points = 10_001,
        |p| p.challenge_bond = 0,
        |p| p.epoch_lengths_secs = [299, 0, 0, 0],
    ];
    for change in changes {
        let mut changed = params();
        change(&mut changed);
        refused(changed.validate(false), RegistryError::ParamOutOfRange);
    }
}

#[test]
fn development_lowers_the_least_times_to_one_second_and_nothing_else() {
    let mut short = params();
    short.epoch_lengths_secs = [1, 0, 0, 0];
    short.commit_delay_secs = 1;
    short.commit_window_secs = 1;
    short.settle_window_secs = 2;
    short.cosign_window_secs = 1;
    short.validate(true).unwrap();
    refused(short.validate(false), RegistryError::ParamOutOfRange);
    short.settle_window_secs = 1;
    refused(short.validate(true), RegistryError::SettleWindowTooShort);
    short.settle_window_secs = 2;
    short.commit_delay_secs = 0;
    refused(short.validate(true), RegistryError::ParamOutOfRange);
    short.commit_delay_secs = 1;
    short.epoch_lengths_secs = [0; 4];
    refused(short.validate(true), RegistryError::NoEpochLength);
}

#[test]
fn another_parameter_gives_another_hash() {
    let mut changed = params();
    changed.max_token_bytes -= 1;
    assert_ne!(changed.hash().unwrap(), params().hash().unwrap());
}

#[test]
fn stake_moves_only_between_its_places() {
    let mut seller = participant();
    seller.credit_stake(100).unwrap();
    seller.lock_stake(60).unwrap();
    refused(seller.lock_stake(41), RegistryError::FreeStakeTooSmall);
    assert_eq!(seller.request_unbond(30, 50).unwrap(), 0);
    assert_eq!(seller.request_unbond(10, 60).unwrap(), 1);
    assert_eq!((seller.stake_free, seller.stake_locked), (0, 60));
    assert_eq!(seller.total_stake().unwrap(), 100);
    refused(
        seller.withdraw_unbonded(0, 49),
        RegistryError::UnbondNotReady,
    );
    assert_eq!(seller.cancel_unbond(1).unwrap(), 10);
    refused(seller.cancel_unbond(1), RegistryError::UnbondSlotEmpty);
    refused(seller.cancel_unbond(4), RegistryError::UnbondSlotEmpty);
    seller.unlock_stake(60).unwrap();
    refused(seller.unlock_stake(1), RegistryError::LockedStakeTooSmall);
    assert_eq!((seller.stake_free, seller.stake_locked), (70, 0));
    seller.invariant().unwrap();
}

#[test]
fn more_than_half_of_the_stake_lost_within_thirty_days_jails() {
    let day = 86_400;
    let mut seller = participant();
    seller.credit_stake(100).unwrap();
    seller.lock_stake(100).unwrap();
    refused(seller.slash_stake(0, day), RegistryError::AmountZero);
    refused(
        seller.slash_stake(101, day),
        RegistryError::LockedStakeTooSmall,
    );
    seller.slash_stake(50, 40 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Active);
    refused(
        seller.leave_jail(99 * day),
        RegistryError::ParticipantNotJailed,
    );
    seller.slash_stake(1, 69 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Jailed);
    assert_eq!((seller.stake_locked, seller.slashed_total), (49, 51));
    refused(
        seller.leave_jail(70 * day - 1),
        RegistryError::JailNotServed,
    );
    seller.leave_jail(70 * day).unwrap();
    // A new window counts anew: 24 of 49 is less than half, 25 is more.
    seller.slash_stake(24, 70 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Active);
    seller.slash_stake(1, 70 * day).unwrap();
    assert_eq!(seller.status, ParticipantStatus::Jailed);
}

#[test]
fn an_authority_is_read_in_place_as_the_account_is_laid_out() {
    let mut seller = participant();
    seller.hot = Pubkey::new_from_array([4; 32]);
    seller.hot_scope = HOT_SCOPE_COMMIT;
    seller.hot_expires_at = 77;
    let mut data = Participant::DISCRIMINATOR.to_vec();
    seller.serialize(&mut data).unwrap();
    let read = ParticipantAuthority::parse(&data).unwrap();
    assert_eq!((read.owner, read.hot), (seller.owner, seller.hot));
    assert_eq!(
        (read.hot_scope, read.hot_expires_at),
        (HOT_SCOPE_COMMIT, 77)
    );
    assert!(read.is_active);
    seller.status = ParticipantStatus::Jailed;
    let mut jailed = Participant::DISCRIMINATOR.to_vec();
    seller.serialize(&mut jailed).unwrap();
    assert!(!ParticipantAuthority::parse(&jailed).unwrap().is_active);
    assert!(ParticipantAuthority::parse(&data[..237]).is_none());
    assert!(read.authorizes(&seller.owner, HOT_SCOPE_COMMIT, 99));
    assert!(read.authorizes(&seller.hot, HOT_SCOPE_COMMIT, 76));
    assert!(!read.authorizes(&seller.hot, HOT_SCOPE_COMMIT, 77));
    assert!(!read.authorizes(&seller.hot, HOT_SCOPE_COSIGN, 76));
}

#[test]
fn an_unbonding_amount_is_paid_out_once_from_its_moment_on() {
    let mut seller = participant();
    seller.credit_stake(5).unwrap();
    seller.request_unbond(5, 50).unwrap();
    assert_eq!(seller.withdraw_unbonded(0, 50).unwrap(), 5);
    refused(
        seller.withdraw_unbonded(0, 50),
        RegistryError::UnbondSlotEmpty,
    );
    assert_eq!(seller.total_stake().unwrap(), 0);
}

#[test]
fn a_fifth_unbonding_is_refused() {
    let mut seller = participant();
    seller.credit_stake(5).unwrap();
    for _ in 0..MAX_UNBONDING {
        seller.request_unbond(1, 1).unwrap();
    }
    refused(seller.request_unbond(1, 1), RegistryError::UnbondSlotsFull);
    refused(seller.request_unbond(0, 1), RegistryError::AmountZero);
}

#[test]
fn a_hot_key_acts_within_its_scope_until_it_expires() {
    let (mut seller, hot) = (participant(), Pubkey::new_from_array([9; 32]));
    seller.set_hot_key(hot, HOT_SCOPE_COMMIT, 100, 50).unwrap();
    assert!(seller.authorizes(&hot, HOT_SCOPE_COMMIT, 99));
    assert!(!seller.authorizes(&hot, HOT_SCOPE_COMMIT, 100));
    assert!(!seller.authorizes(&hot, HOT_SCOPE_COSIGN, 99));
    assert!(seller.authorizes(&seller.owner, HOT_SCOPE_COSIGN, 1_000));
    seller.set_hot_key(Pubkey::default(), 0, 0, 50).unwrap();
    assert!(!seller.authorizes(&hot, HOT_SCOPE_COMMIT, 60));
    assert!(!seller.authorizes(&Pubkey::default(), HOT_SCOPE_COMMIT, 60));
}

#[test]
fn a_hot_key_is_bounded_in_scope_and_time() {
    let (mut seller, hot) = (participant(), Pubkey::new_from_array([9; 32]));
    let latest = 50 + 30 * DAY_SECS;
    seller.set_hot_key(hot, HOT_SCOPE_ALL, latest, 50).unwrap();
    refused(
        seller.set_hot_key(hot, HOT_SCOPE_ALL, latest + 1, 50),
        RegistryError::HotExpiryInvalid,
    );
    refused(
        seller.set_hot_key(hot, 1, 50, 50),
        RegistryError::HotExpiryInvalid,
    );
    refused(
        seller.set_hot_key(hot, 0, 60, 50),
        RegistryError::HotScopeInvalid,
    );
    refused(
        seller.set_hot_key(hot, 16, 60, 50),
        RegistryError::HotScopeInvalid,
    );
    let owner = seller.owner;
    refused(
        seller.set_hot_key(owner, 1, 60, 50),
        RegistryError::HotKeyInvalid,
    );
}

#[test]
fn a_contract_nonce_is_never_used_twice() {
    let mut buyer = participant();
    buyer.use_contract_nonce(0).unwrap();
    buyer.use_contract_nonce(7).unwrap();
    refused(
        buyer.use_contract_nonce(7),
        RegistryError::NonceNotIncreasing,
    );
    refused(
        buyer.use_contract_nonce(3),
        RegistryError::NonceNotIncreasing,
    );
    refused(
        buyer.use_contract_nonce(u64::MAX),
        RegistryError::CounterOutOfRange,
    );
}

#[test]
fn a_node_never_commits_more_than_it_claims() {
    let mut node = node();
    node.reserve(600, false, 0).unwrap();
    refused(
        node.reserve(401, false, 0),
        RegistryError::NodeOvercommitted,
    );
    refused(
        node.reserve(u64::MAX, false, 0),
        RegistryError::CounterOutOfRange,
    );
    refused(node.reserve(0, false, 0), RegistryError::AmountZero);
    node.reserve(400, false, 0).unwrap();
    node.release(1_000).unwrap();
    refused(node.release(1), RegistryError::ReleaseTooLarge);
    node.status = NodeStatus::Inactive;
    refused(node.reserve(1, false, 0), RegistryError::NodeNotActive);
    node.invariant().unwrap();
}

#[test]
fn verified_capacity_is_what_was_claimed_and_measured_and_has_not_expired() {
    let mut node = node();
    refused(
        node.reserve(1, true, 100),
        RegistryError::VerifiedRateExceeded,
    );
    node.verified_egress.kilobits_per_second = 700;
    node.verified_egress.expires_at = 100;
    let sellable = |node: &Node, now| node.sellable_egress(true, now);
    assert_eq!((sellable(&node, 99), sellable(&node, 100)), (700, 0));
    // What is sold without a proof uses the same wire.
    node.reserve(600, false, 99).unwrap();
    refused(
        node.reserve(101, true, 99),
        RegistryError::VerifiedRateExceeded,
    );
    refused(
        node.reserve(100, true, 100),
        RegistryError::VerifiedRateExceeded,
    );
    node.reserve(100, true, 99).unwrap();
    node.reserve(300, false, 99).unwrap();
    node.verified_egress.kilobits_per_second = 1_001;
    assert_eq!(node.sellable_egress(true, 99), 1_000);
    refused(node.reserve(1, true, 99), RegistryError::NodeOvercommitted);
}

#[test]
fn a_moved_endpoint_is_unproven() {
    let mut node = node();
    let endpoint = Endpoint {
        ip: [1; 16],
        port: 80,
    };
    node.set_endpoints([endpoint, Endpoint::default()]).unwrap();
    assert_eq!(node.endpoint_proof_at, 0);
    let half = Endpoint {
        ip: [1; 16],
        port: 0,
    };
    refused(
        node.set_endpoints([half, endpoint]),
        RegistryError::EndpointInvalid,
    );
    refused(
        node.set_endpoints([endpoint, half]),
        RegistryError::EndpointInvalid,
    );
    refused(
        node.set_endpoints([Endpoint::default(), endpoint]),
        RegistryError::EndpointInvalid,
    );
}

#[test]
fn a_mint_is_listed_once_and_four_fit() {
    let mut config = Config {
        version: 1,
        bump: 255,
        board: Pubkey::new_from_array([1; 32]),
        guardian: Pubkey::new_from_array([2; 32]),
        treasury: Pubkey::new_from_array([3; 32]),
        cluster_tag: 0,
        development: false,
        mints: [Pubkey::default(); MAX_MINTS],
        fee_basis_points: 500,
        pause_bits: 0,
        pause_until: 0,
        params: params(),
        pending_params_hash: [0; 32],
        pending_params_at: 0,
        pending_authorities_hash: [0; 32],
        pending_authorities_at: 0,
        pause_started_at: 0,
        reserved: [0; CONFIG_RESERVED_BYTES],
    };
    for byte in 1..=4 {
        config
            .allow_mint(Pubkey::new_from_array([byte; 32]))
            .unwrap();
    }
    refused(
        config.allow_mint(Pubkey::new_from_array([4; 32])),
        RegistryError::MintAlreadyAllowed,
    );
    refused(
        config.allow_mint(Pubkey::new_from_array([5; 32])),
        RegistryError::MintListFull,
    );
    assert!(!config.allows_mint(&Pubkey::default()));
    config.invariant().unwrap();
    config.fee_basis_points = 501;
    refused(config.invariant(), RegistryError::FeeTooHigh);
    config.fee_basis_points = 500;
    config.guardian = Pubkey::default();
    refused(config.invariant(), RegistryError::KeyMissing);
}
