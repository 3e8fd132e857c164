use anchor_lang::prelude::*;

use crate::error::GovernanceError;
use crate::events::VotingOpened;
use crate::state::{Board, Proposal};

#[event_cpi]
#[derive(Accounts)]
pub struct OpenVoting<'info> {
    pub proposer: Signer<'info>,
    pub board: Box<Account<'info, Board>>,
    #[account(
        mut,
        has_one = board @ GovernanceError::ProposalOfAnotherBoard,
        has_one = proposer @ GovernanceError::NotProposer
    )]
    pub proposal: Box<Account<'info, Proposal>>,
}

pub fn handle_open_voting(ctx: Context<OpenVoting>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let proposal = &mut ctx.accounts.proposal;
    proposal.open_voting(&ctx.accounts.board, now)?;
    proposal.invariant()?;
    emit_cpi!(VotingOpened {
        proposal: proposal.key(),
        instruction_count: proposal.instruction_count,
        voting_ends_at: proposal.voting_ends_at,
    });
    Ok(())
}
