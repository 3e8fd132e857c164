use anchor_lang::prelude::*;

use crate::error::GovernanceError;
use crate::events::ProposalCancelled;
use crate::state::Proposal;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelProposal<'info> {
    pub proposer: Signer<'info>,
    #[account(mut, has_one = proposer @ GovernanceError::NotProposer)]
    pub proposal: Box<Account<'info, Proposal>>,
}

pub fn handle_cancel_proposal(ctx: Context<CancelProposal>) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    proposal.cancel()?;
    proposal.invariant()?;
    emit_cpi!(ProposalCancelled {
        proposal: proposal.key(),
        proposer: proposal.proposer,
    });
    Ok(())
}
