//! Rules of classes, lives, BEACONs, pools and terms.
use anchor_lang::prelude::*;
use anchor_lang::Space;

use super::tests::{node, participant, refused};
use super::*;
use crate::constants::*;
use crate::error::RegistryError;

#[test]
fn layouts_are_pinned_and_first_cut_accounts_keep_their_size() {
    assert_eq!((Node::INIT_SPACE, Participant::INIT_SPACE), (333, 314));
    assert_eq!(8 + ClosedParticipant::INIT_SPACE, 122);
    assert_eq!(8 + BeaconPage::INIT_SPACE, 8 + 4 + 8_192);
    assert_eq!(std::mem::size_of::<BeaconPage>(), BeaconPage::INIT_SPACE);
}

#[test]
fn zero_bytes_of_the_reserve_read_as_unicast() {
    let mut bytes = Vec::new();
    node().try_serialize(&mut bytes).unwrap();
    let tail = bytes.len() - RESERVED_BYTES;
    assert!(bytes[tail..].iter().all(|byte| *byte == 0));
    let read = Node::try_deserialize(&mut bytes.as_slice()).unwrap();
    assert_eq!(read.class, CapacityClass::Unicast);
    bytes[tail] = 6;
    assert!(Node::try_deserialize(&mut bytes.as_slice()).is_err());
}

#[test]
fn what_may_be_sold_is_the_lower_of_claim_and_measurement_while_it_lasts() {
    let mut node = node();
    node.verified_egress.kilobits_per_second = 700;
    node.verified_egress.expires_at = 100;
    assert_eq!(node.sellable_kilobits_per_second(99, true), 700);
    assert_eq!(node.sellable_kilobits_per_second(99, false), 700);
    assert_eq!(node.sellable_kilobits_per_second(100, true), 0);
    assert_eq!(node.sellable_kilobits_per_second(100, false), 1_000);
    node.verified_egress.kilobits_per_second = 2_000;
    assert_eq!(node.sellable_kilobits_per_second(99, true), 1_000);
}

#[test]
fn a_node_is_deactivated_only_when_free_and_once() {
    let mut node = node();
    node.reserve(1, false, 0).unwrap();
    refused(node.deactivate(), RegistryError::NodeCommitted);
    refused(node.set_rates(0, 1), RegistryError::RateBelowCommitted);
    node.set_rates(1, 0).unwrap();
    node.release(1).unwrap();
    refused(node.reactivate(), RegistryError::NodeActive);
    node.deactivate().unwrap();
    refused(node.deactivate(), RegistryError::NodeNotActive);
    node.reactivate().unwrap();
    refused(
        node.set_bandwidth_proof_flags(8),
        RegistryError::BandwidthFlagsInvalid,
    );
    node.class = CapacityClass::Satellite;
    refused(node.reserve(1, false, 0), RegistryError::ClassNotUnicast);
    refused(node.invariant(), RegistryError::ClassRoleForbidden);
    node.version = 2;
    refused(node.invariant(), RegistryError::AccountVersionUnknown);
}

#[test]
fn a_participant_exits_with_nothing_running_and_closes_with_nothing_left() {
    let mut seller = participant();
    seller.node_count = 1;
    refused(seller.leave(), RegistryError::NodesRemain);
    seller.deactivate_node().unwrap();
    seller.active_contracts = 1;
    refused(seller.leave(), RegistryError::ContractsRunning);
    seller.active_contracts = 0;
    seller.credit_stake(5).unwrap();
    refused(
        seller.check_closable(),
        RegistryError::ParticipantNotExiting,
    );
    seller.leave().unwrap();
    refused(seller.leave(), RegistryError::ParticipantNotActive);
    refused(
        seller.reactivate_node(),
        RegistryError::ParticipantNotActive,
    );
    refused(seller.check_closable(), RegistryError::StakeRemains);
    seller.stake_free = 0;
    refused(seller.check_closable(), RegistryError::NodesRemain);
    seller.close_node().unwrap();
    seller.check_closable().unwrap();
    seller.closed_nodes = 2;
    refused(seller.invariant(), RegistryError::InvariantBroken);
}

#[test]
fn an_auditor_counts_when_admitted_active_and_bonded() {
    let mut auditor = participant();
    refused(auditor.admit_auditor(1), RegistryError::NotAuditor);
    auditor.kind = ParticipantKind::Auditor;
    refused(
        auditor.check_counts_as_auditor(),
        RegistryError::AuditorNotAdmitted,
    );
    auditor.admit_auditor(1).unwrap();
    auditor.stake_free = MIN_AUDITOR_STAKE - 1;
    refused(
        auditor.check_counts_as_auditor(),
        RegistryError::AuditorStakeTooSmall,
    );
    auditor.stake_free = MIN_AUDITOR_STAKE;
    auditor.check_counts_as_auditor().unwrap();
    auditor.status = ParticipantStatus::Jailed;
    refused(
        auditor.check_counts_as_auditor(),
        RegistryError::ParticipantNotActive,
    );
}

fn pool() -> Pool {
    Pool {
        version: ACCOUNT_VERSION,
        bump: 255,
        creator: Pubkey::new_from_array([1; 32]),
        index: 0,
        revision: 0,
        members: [PoolMember::default(); MAX_POOL_MEMBERS],
        reserved: [0; RESERVED_BYTES],
    }
}

#[test]
fn a_pool_is_complete_while_everybody_agrees_to_the_present_shares() {
    let (mut pool, other) = (pool(), Pubkey::new_from_array([2; 32]));
    let creator = pool.creator;
    pool.propose(&[(creator, 9_999), (other, 1)]).unwrap();
    pool.invariant().unwrap();
    assert!(!pool.is_complete());
    refused(pool.accept(&other, 0), RegistryError::PoolRevisionWrong);
    pool.accept(&other, 1).unwrap();
    assert!(pool.is_complete());
    pool.leave(&other).unwrap();
    assert!(!pool.is_complete());
    pool.propose(&[(other, 5_000), (creator, 5_001)]).unwrap();
    refused(pool.invariant(), RegistryError::PoolSharesSumWrong);
    pool.propose(&[(other, u16::MAX), (creator, u16::MAX)])
        .unwrap();
    refused(pool.invariant(), RegistryError::PoolSharesSumWrong);
}

#[test]
fn pages_hold_256_beacons() {
    assert_eq!(
        (page_of(255), page_of(256), page_of(u32::MAX)),
        (0, 1, 0xff_ffff)
    );
    let mut page = BeaconPage {
        version: ACCOUNT_VERSION,
        bump: 0,
        page: 1,
        keys: [[0; 32]; BEACONS_PER_PAGE],
    };
    let key = Pubkey::new_from_array([3; 32]);
    page.set(511, key).unwrap();
    assert_eq!(page.get(255).unwrap(), key);
    assert_eq!(page.get(256).unwrap(), Pubkey::default());
}
