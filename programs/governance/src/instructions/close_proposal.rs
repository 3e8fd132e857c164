use anchor_lang::prelude::*;

use crate::error::GovernanceError;
use crate::events::ProposalClosed;
use crate::proposal_accounts::ProposalAccounts;
use crate::state::{Board, Proposal};

/// Remaining accounts: the account of each instruction in order, writable.
#[event_cpi]
#[derive(Accounts)]
pub struct CloseProposal<'info> {
    /// CHECK: receives the rent; compared with who paid it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    pub board: Box<Account<'info, Board>>,
    #[account(
        mut,
        close = rent_payer,
        has_one = board @ GovernanceError::ProposalOfAnotherBoard,
        has_one = rent_payer @ GovernanceError::WrongRentPayer
    )]
    pub proposal: Box<Account<'info, Proposal>>,
}

pub fn handle_close_proposal<'info>(ctx: Context<'info, CloseProposal<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let proposal = &ctx.accounts.proposal;
    require!(
        proposal.is_over(&ctx.accounts.board, now),
        GovernanceError::ProposalStillOpen
    );
    let mut accounts = ProposalAccounts::new(proposal.key(), ctx.remaining_accounts);
    for index in 0..proposal.instruction_count {
        let instruction = accounts.next_instruction(index)?;
        instruction.close(ctx.accounts.rent_payer.to_account_info())?;
    }
    accounts.end()?;
    emit_cpi!(ProposalClosed {
        proposal: proposal.key(),
        status: proposal.status,
        rent_payer: proposal.rent_payer,
    });
    Ok(())
}
