use anchor_lang::prelude::*;

use crate::error::GovernanceError;
use crate::events::{ProposalQueued, ProposalRejected, VoteCast};
use crate::state::{Ballot, Board, Proposal, ProposalStatus};

#[event_cpi]
#[derive(Accounts)]
pub struct CastVote<'info> {
    pub member: Signer<'info>,
    pub board: Box<Account<'info, Board>>,
    #[account(mut, has_one = board @ GovernanceError::ProposalOfAnotherBoard)]
    pub proposal: Box<Account<'info, Proposal>>,
}

pub fn handle_cast_vote(ctx: Context<CastVote>, ballot: Ballot) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let member = ctx.accounts.member.key();
    let board = &ctx.accounts.board;
    let proposal = &mut ctx.accounts.proposal;
    let status_before = proposal.status;
    let vote = proposal.cast_vote(board, &member, ballot, now)?;
    proposal.invariant()?;
    emit_cpi!(VoteCast {
        proposal: proposal.key(),
        seat: vote.seat,
        member,
        weight: vote.weight,
        ballot_before: vote.ballot_before,
        ballot_after: ballot,
        votes_for: proposal.votes_for,
        votes_against: proposal.votes_against,
    });
    if proposal.status == status_before {
        return Ok(());
    }
    if proposal.status == ProposalStatus::Queued {
        emit_cpi!(ProposalQueued {
            proposal: proposal.key(),
            votes_for: proposal.votes_for,
            threshold: board.threshold,
            executable_at: proposal.executable_at,
            expires_at: proposal.expires_at,
        });
    } else {
        emit_cpi!(ProposalRejected {
            proposal: proposal.key(),
            votes_against: proposal.votes_against,
            threshold: board.threshold,
        });
    }
    Ok(())
}
