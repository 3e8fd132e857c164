use anchor_lang::prelude::*;

use crate::error::GovernanceError;
use crate::state::{Ballot, Board, Proposal, ProposalStatus};

/// What a seat's vote changed.
pub struct Vote {
    pub seat: u8,
    pub weight: u16,
    pub ballot_before: Ballot,
}

impl Proposal {
    /// Counts a seat's vote in place of the one it gave before, and decides once the threshold is reached.
    pub fn cast_vote(
        &mut self,
        board: &Board,
        member: &Pubkey,
        ballot: Ballot,
        now: i64,
    ) -> Result<Vote> {
        let (seat, weight) = board.find_seat(member)?;
        self.require_epoch(board)?;
        self.require_takes(ballot, now)?;
        let place = self
            .ballots
            .get_mut(usize::from(seat))
            .ok_or(GovernanceError::InvariantBroken)?;
        let ballot_before = *place;
        require!(ballot_before != ballot, GovernanceError::VoteUnchanged);
        *place = ballot;
        self.count(ballot_before, weight, u32::checked_sub)?;
        self.count(ballot, weight, u32::checked_add)?;
        self.decide(board, now)?;
        Ok(Vote {
            seat,
            weight,
            ballot_before,
        })
    }

    fn require_takes(&self, ballot: Ballot, now: i64) -> Result<()> {
        match self.status {
            ProposalStatus::Voting => {
                require!(now < self.voting_ends_at, GovernanceError::VotingOver);
            }
            // The time lock is there for second thoughts: enough of them stop a decision.
            ProposalStatus::Queued => require!(
                ballot == Ballot::Against,
                GovernanceError::OnlyAgainstWhileQueued
            ),
            _ => return err!(GovernanceError::ProposalNotOpen),
        }
        Ok(())
    }

    fn count(
        &mut self,
        ballot: Ballot,
        weight: u16,
        apply: fn(u32, u32) -> Option<u32>,
    ) -> Result<()> {
        let sum = match ballot {
            Ballot::None => return Ok(()),
            Ballot::For => &mut self.votes_for,
            Ballot::Against => &mut self.votes_against,
        };
        *sum = apply(*sum, u32::from(weight)).ok_or(GovernanceError::CounterOutOfRange)?;
        Ok(())
    }

    fn decide(&mut self, board: &Board, now: i64) -> Result<()> {
        if self.votes_against >= board.threshold {
            self.status = ProposalStatus::Rejected;
        } else if self.status == ProposalStatus::Voting && self.votes_for >= board.threshold {
            self.queue(board, now)?;
        }
        Ok(())
    }
}
