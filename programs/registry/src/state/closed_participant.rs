use anchor_lang::prelude::*;

use crate::constants::RESERVED_BYTES;

/// What stays at `["part", owner]` of a participant that has closed: the address is never free again,
/// so no contract nonce that it used can be used a second time (docs/decisions/0031).
#[account]
#[derive(InitSpace)]
pub struct ClosedParticipant {
    pub version: u8,
    pub bump: u8,
    pub owner: Pubkey,
    pub next_contract_nonce: u64,
    pub closed_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
}
