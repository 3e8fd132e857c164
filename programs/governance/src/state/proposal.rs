use anchor_lang::prelude::*;

use crate::constants::{MAX_INSTRUCTIONS, MAX_SEATS, RESERVED_BYTES};
use crate::error::GovernanceError;

#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub enum Ballot {
    #[default]
    None,
    For,
    Against,
}

#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub enum ProposalStatus {
    /// Instructions are being written.
    #[default]
    Draft,
    Voting,
    /// Passed; executable once its time lock has ended.
    Queued,
    Executed,
    /// Enough seats were against it.
    Rejected,
    /// Its proposer took it back.
    Cancelled,
}

/// What a board may do, at `["proposal", board, number]`; its instructions are accounts of their own.
#[account]
#[derive(InitSpace)]
pub struct Proposal {
    pub version: u8,
    pub bump: u8,
    pub board: Pubkey,
    pub number: u64,
    pub proposer: Pubkey,
    /// Paid for this account and those of its instructions, and gets the rent back.
    pub rent_payer: Pubkey,
    /// SHA-256 of the text that explains the proposal, kept off chain.
    pub description_hash: [u8; 32],
    pub status: ProposalStatus,
    /// The board's epoch when it was made; no other counts its votes.
    pub seats_epoch: u32,
    pub instruction_count: u8,
    pub missing_data_bytes: u16,
    /// By place of the seat.
    pub ballots: [Ballot; MAX_SEATS],
    pub votes_for: u32,
    pub votes_against: u32,
    pub voting_ends_at: i64,
    pub executable_at: i64,
    pub expires_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
}

impl Proposal {
    /// Takes note of one more instruction, of whose data some bytes are still to come.
    pub fn add_instruction(&mut self, index: u8, missing_bytes: u16) -> Result<()> {
        self.require_draft()?;
        require!(
            self.instruction_count < MAX_INSTRUCTIONS,
            GovernanceError::TooManyInstructions
        );
        require!(
            index == self.instruction_count,
            GovernanceError::InstructionOutOfOrder
        );
        self.instruction_count = self.instruction_count.saturating_add(1);
        self.missing_data_bytes = self
            .missing_data_bytes
            .checked_add(missing_bytes)
            .ok_or(GovernanceError::CounterOutOfRange)?;
        Ok(())
    }

    /// Takes note of bytes that were missing.
    pub fn append_data(&mut self, bytes: u16) -> Result<()> {
        self.require_draft()?;
        self.missing_data_bytes = self
            .missing_data_bytes
            .checked_sub(bytes)
            .ok_or(GovernanceError::CounterOutOfRange)?;
        Ok(())
    }

    pub fn require_draft(&self) -> Result<()> {
        require!(
            self.status == ProposalStatus::Draft,
            GovernanceError::ProposalNotDraft
        );
        Ok(())
    }

    pub fn invariant(&self) -> Result<()> {
        let dated = match self.status {
            ProposalStatus::Draft => self.voting_ends_at == 0,
            ProposalStatus::Queued | ProposalStatus::Executed => {
                self.executable_at < self.expires_at && self.executable_at > 0
            }
            _ => true,
        };
        let sound = dated
            && self.instruction_count <= MAX_INSTRUCTIONS
            && (self.status == ProposalStatus::Draft
                || self.status == ProposalStatus::Cancelled
                || self.missing_data_bytes == 0);
        require!(sound, GovernanceError::InvariantBroken);
        Ok(())
    }
}
