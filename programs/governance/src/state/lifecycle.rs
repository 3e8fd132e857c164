use anchor_lang::prelude::*;

use crate::constants::EXECUTION_WINDOW_SECS;
use crate::error::GovernanceError;
use crate::state::{Board, Proposal, ProposalStatus};

/// Draft → Voting → Queued → Executed, and the ways out of it.
impl Proposal {
    /// Draft → Voting: from here on nothing of it can be changed.
    pub fn open_voting(&mut self, board: &Board, now: i64) -> Result<()> {
        self.require_draft()?;
        self.require_epoch(board)?;
        require!(self.instruction_count > 0, GovernanceError::NoInstruction);
        require!(
            self.missing_data_bytes == 0,
            GovernanceError::DataIncomplete
        );
        self.status = ProposalStatus::Voting;
        self.voting_ends_at = later(now, i64::from(board.voting_period_secs))?;
        Ok(())
    }

    /// Draft or Voting → Cancelled.
    pub fn cancel(&mut self) -> Result<()> {
        require!(
            matches!(self.status, ProposalStatus::Draft | ProposalStatus::Voting),
            GovernanceError::ProposalDecided
        );
        self.status = ProposalStatus::Cancelled;
        Ok(())
    }

    /// Queued → Executed, once and in its time.
    pub fn execute(&mut self, board: &Board, now: i64) -> Result<()> {
        require!(
            self.status == ProposalStatus::Queued,
            GovernanceError::ProposalNotQueued
        );
        self.require_epoch(board)?;
        require!(now >= self.executable_at, GovernanceError::TimelockNotEnded);
        require!(now < self.expires_at, GovernanceError::ExecutionWindowOver);
        self.status = ProposalStatus::Executed;
        Ok(())
    }

    /// Whether nothing can come of it any more.
    pub fn is_over(&self, board: &Board, now: i64) -> bool {
        match self.status {
            ProposalStatus::Executed | ProposalStatus::Rejected | ProposalStatus::Cancelled => true,
            _ if self.seats_epoch != board.seats_epoch => true,
            ProposalStatus::Draft => false,
            ProposalStatus::Voting => now >= self.voting_ends_at,
            ProposalStatus::Queued => now >= self.expires_at,
        }
    }

    pub(super) fn require_epoch(&self, board: &Board) -> Result<()> {
        require!(
            self.seats_epoch == board.seats_epoch,
            GovernanceError::SeatsChanged
        );
        Ok(())
    }

    pub(super) fn queue(&mut self, board: &Board, now: i64) -> Result<()> {
        self.status = ProposalStatus::Queued;
        self.executable_at = later(now, i64::from(board.timelock_secs))?;
        self.expires_at = later(self.executable_at, EXECUTION_WINDOW_SECS)?;
        Ok(())
    }
}

fn later(now: i64, secs: i64) -> Result<i64> {
    now.checked_add(secs)
        .ok_or_else(|| error!(GovernanceError::CounterOutOfRange))
}
