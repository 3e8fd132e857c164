use anchor_lang::prelude::*;
use anchor_lang::Discriminator;

use crate::state::{ClosedParticipant, Node, Participant, ParticipantStatus};

/// Who may act for a participant, read in place: instructions that run once an epoch do not pay for decoding the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParticipantAuthority {
    pub owner: Pubkey,
    pub hot: Pubkey,
    pub hot_scope: u16,
    pub hot_expires_at: i64,
    pub is_active: bool,
}

const OWNER_OFFSET: usize = 10;
const HOT_OFFSET: usize = 75;
const HOT_SCOPE_OFFSET: usize = 107;
const HOT_EXPIRES_OFFSET: usize = 109;
const STATUS_OFFSET: usize = 237;

impl ParticipantAuthority {
    /// Reads the account of a participant; anything else is refused.
    pub fn read(info: &AccountInfo) -> Result<Self> {
        require_keys_eq!(
            *info.owner,
            crate::ID,
            ErrorCode::AccountOwnedByWrongProgram
        );
        let data = info.try_borrow_data()?;
        require!(
            data.starts_with(Participant::DISCRIMINATOR),
            ErrorCode::AccountDiscriminatorMismatch
        );
        Self::parse(&data).ok_or_else(|| ErrorCode::AccountDidNotDeserialize.into())
    }

    pub(crate) fn parse(data: &[u8]) -> Option<Self> {
        Some(Self {
            owner: Pubkey::new_from_array(*data.get(OWNER_OFFSET..)?.first_chunk()?),
            hot: Pubkey::new_from_array(*data.get(HOT_OFFSET..)?.first_chunk()?),
            hot_scope: u16::from_le_bytes(*data.get(HOT_SCOPE_OFFSET..)?.first_chunk()?),
            hot_expires_at: i64::from_le_bytes(*data.get(HOT_EXPIRES_OFFSET..)?.first_chunk()?),
            is_active: *data.get(STATUS_OFFSET)? == ParticipantStatus::Active as u8,
        })
    }

    /// Whether `signer` may act within `scope`: the owner always, the hot key while it lasts.
    pub fn authorizes(&self, signer: &Pubkey, scope: u16, now: i64) -> bool {
        *signer == self.owner
            || (*signer == self.hot
                && self.hot != Pubkey::default()
                && self.hot_scope & scope == scope
                && now < self.hot_expires_at)
    }
}

/// The seller of a node, read in place; anything but a node is refused.
pub fn read_node_participant(info: &AccountInfo) -> Result<Pubkey> {
    const PARTICIPANT_OFFSET: usize = 10;
    require_keys_eq!(
        *info.owner,
        crate::ID,
        ErrorCode::AccountOwnedByWrongProgram
    );
    let data = info.try_borrow_data()?;
    require!(
        data.starts_with(Node::DISCRIMINATOR),
        ErrorCode::AccountDiscriminatorMismatch
    );
    let key = data
        .get(PARTICIPANT_OFFSET..)
        .and_then(|rest| rest.first_chunk());
    let key = key.ok_or(ErrorCode::AccountDidNotDeserialize)?;
    Ok(Pubkey::new_from_array(*key))
}

/// The owner of a participant, closed or not: it stands at the same place in both; anything else is refused.
pub fn read_participant_owner(info: &AccountInfo) -> Result<Pubkey> {
    require_keys_eq!(
        *info.owner,
        crate::ID,
        ErrorCode::AccountOwnedByWrongProgram
    );
    let data = info.try_borrow_data()?;
    require!(
        data.starts_with(Participant::DISCRIMINATOR)
            || data.starts_with(ClosedParticipant::DISCRIMINATOR),
        ErrorCode::AccountDiscriminatorMismatch
    );
    let key = data.get(OWNER_OFFSET..).and_then(|rest| rest.first_chunk());
    let key = key.ok_or(ErrorCode::AccountDidNotDeserialize)?;
    Ok(Pubkey::new_from_array(*key))
}
