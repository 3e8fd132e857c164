use anchor_lang::prelude::*;
use anchor_lang::solana_program::program::invoke_signed;

use crate::constants::BOARD_VAULT_SEED;
use crate::error::GovernanceError;
use crate::events::ProposalExecuted;
use crate::proposal_accounts::ProposalAccounts;
use crate::state::{Board, Proposal};

/// Remaining accounts: for each instruction in order, its account, the program it calls, and the
/// accounts it names.
#[event_cpi]
#[derive(Accounts)]
pub struct ExecuteProposal<'info> {
    pub board: Box<Account<'info, Board>>,
    #[account(mut, has_one = board @ GovernanceError::ProposalOfAnotherBoard)]
    pub proposal: Box<Account<'info, Proposal>>,
}

pub fn handle_execute_proposal<'info>(ctx: Context<'info, ExecuteProposal<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let (board, proposal) = (&ctx.accounts.board, &mut ctx.accounts.proposal);
    proposal.execute(board, now)?;
    proposal.invariant()?;
    // What an instruction calls may call this program again: it must find the proposal executed.
    proposal.exit(&crate::ID)?;
    let board_key = board.key();
    let seeds: &[&[u8]] = &[BOARD_VAULT_SEED, board_key.as_ref(), &[board.vault_bump]];
    let mut accounts = ProposalAccounts::new(proposal.key(), ctx.remaining_accounts);
    for index in 0..proposal.instruction_count {
        let (instruction, infos) = accounts.next_call(index)?;
        invoke_signed(&instruction, infos, &[seeds])?;
    }
    accounts.end()?;
    emit_cpi!(ProposalExecuted {
        proposal: proposal.key(),
        board: board_key,
        number: proposal.number,
        instruction_count: proposal.instruction_count,
    });
    Ok(())
}
