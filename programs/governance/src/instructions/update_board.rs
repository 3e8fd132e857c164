use anchor_lang::prelude::*;

use crate::constants::BOARD_VAULT_SEED;
use crate::error::GovernanceError;
use crate::events::BoardUpdated;
use crate::state::{Board, BoardRules};

#[event_cpi]
#[derive(Accounts)]
pub struct UpdateBoard<'info> {
    /// Signs only for what the board has executed.
    pub vault: Signer<'info>,
    #[account(
        mut,
        constraint = Pubkey::create_program_address(
            &[BOARD_VAULT_SEED, board.key().as_ref(), &[board.vault_bump]],
            &crate::ID,
        ) == Ok(vault.key()) @ GovernanceError::NotVault
    )]
    pub board: Box<Account<'info, Board>>,
}

pub fn handle_update_board(ctx: Context<UpdateBoard>, rules: BoardRules) -> Result<()> {
    let board = &mut ctx.accounts.board;
    let threshold_before = board.threshold;
    let timelock_secs_before = board.timelock_secs;
    let voting_period_secs_before = board.voting_period_secs;
    board.set_rules(&rules)?;
    board.invariant()?;
    emit_cpi!(BoardUpdated {
        board: board.key(),
        seats_epoch: board.seats_epoch,
        seats: board.seats,
        threshold_before,
        threshold_after: board.threshold,
        timelock_secs_before,
        timelock_secs_after: board.timelock_secs,
        voting_period_secs_before,
        voting_period_secs_after: board.voting_period_secs,
    });
    Ok(())
}
