//! Who may act for a participant, and the numbers that it uses once.
use anchor_lang::prelude::*;
use anchor_lang::Discriminator;

use super::{participant, refused};
use crate::constants::*;
use crate::error::RegistryError;
use crate::state::*;

const DAY_SECS: i64 = 86_400;

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

fn read_owner(mut data: Vec<u8>, program: Pubkey) -> Result<Pubkey> {
    let (address, mut lamports) = (Pubkey::new_from_array([8; 32]), 1);
    let info = AccountInfo::new(
        &address,
        false,
        false,
        &mut lamports,
        &mut data,
        &program,
        false,
    );
    read_participant_owner(&info)
}

#[test]
fn a_closed_participant_still_names_its_owner_and_nothing_else_does() {
    let seller = participant();
    let mut open = Vec::new();
    seller.try_serialize(&mut open).unwrap();
    let tombstone = ClosedParticipant {
        version: ACCOUNT_VERSION,
        bump: 255,
        owner: seller.owner,
        next_contract_nonce: 3,
        closed_at: 4,
        reserved: [0; RESERVED_BYTES],
    };
    let mut closed = Vec::new();
    tombstone.try_serialize(&mut closed).unwrap();
    assert_eq!(read_owner(open.clone(), crate::ID).unwrap(), seller.owner);
    assert_eq!(read_owner(closed.clone(), crate::ID).unwrap(), seller.owner);
    let foreign = read_owner(open.clone(), MARKET_PROGRAM_ID).unwrap_err();
    assert_eq!(foreign, ErrorCode::AccountOwnedByWrongProgram.into());
    let cut = read_owner(closed[..41].to_vec(), crate::ID).unwrap_err();
    assert_eq!(cut, ErrorCode::AccountDidNotDeserialize.into());
    open[..8].copy_from_slice(Node::DISCRIMINATOR);
    let other = read_owner(open, crate::ID).unwrap_err();
    assert_eq!(other, ErrorCode::AccountDiscriminatorMismatch.into());
}
