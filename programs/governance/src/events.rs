use anchor_lang::prelude::*;

use crate::constants::MAX_SEATS;
use crate::state::{Ballot, ProposalStatus, Seat};

#[event]
pub struct BoardCreated {
    pub board: Pubkey,
    pub creator: Pubkey,
    pub vault: Pubkey,
    pub development: bool,
    pub seats: [Seat; MAX_SEATS],
    pub threshold: u32,
    pub timelock_secs: u32,
    pub voting_period_secs: u32,
}

#[event]
pub struct BoardUpdated {
    pub board: Pubkey,
    pub seats_epoch: u32,
    pub seats: [Seat; MAX_SEATS],
    pub threshold_before: u32,
    pub threshold_after: u32,
    pub timelock_secs_before: u32,
    pub timelock_secs_after: u32,
    pub voting_period_secs_before: u32,
    pub voting_period_secs_after: u32,
}

#[event]
pub struct ProposalCreated {
    pub proposal: Pubkey,
    pub board: Pubkey,
    pub number: u64,
    pub proposer: Pubkey,
    pub description_hash: [u8; 32],
    pub seats_epoch: u32,
}

#[event]
pub struct InstructionAdded {
    pub proposal: Pubkey,
    pub index: u8,
    pub program_id: Pubkey,
    pub account_count: u8,
    pub data_bytes: u16,
    pub missing_data_bytes: u16,
}

#[event]
pub struct InstructionDataAppended {
    pub proposal: Pubkey,
    pub index: u8,
    pub offset: u16,
    pub bytes: u16,
    pub missing_data_bytes: u16,
}

#[event]
pub struct VotingOpened {
    pub proposal: Pubkey,
    pub instruction_count: u8,
    pub voting_ends_at: i64,
}

#[event]
pub struct VoteCast {
    pub proposal: Pubkey,
    pub seat: u8,
    pub member: Pubkey,
    pub weight: u16,
    pub ballot_before: Ballot,
    pub ballot_after: Ballot,
    pub votes_for: u32,
    pub votes_against: u32,
}

#[event]
pub struct ProposalQueued {
    pub proposal: Pubkey,
    pub votes_for: u32,
    pub threshold: u32,
    pub executable_at: i64,
    pub expires_at: i64,
}

#[event]
pub struct ProposalRejected {
    pub proposal: Pubkey,
    pub votes_against: u32,
    pub threshold: u32,
}

#[event]
pub struct ProposalCancelled {
    pub proposal: Pubkey,
    pub proposer: Pubkey,
}

#[event]
pub struct ProposalExecuted {
    pub proposal: Pubkey,
    pub board: Pubkey,
    pub number: u64,
    pub instruction_count: u8,
}

#[event]
pub struct ProposalClosed {
    pub proposal: Pubkey,
    /// As it stood: a proposal that ran out of time is still `Voting` or `Queued`.
    pub status: ProposalStatus,
    pub rent_payer: Pubkey,
}
