use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, BOARD_SEED, BOARD_VAULT_SEED, MAX_SEATS, RESERVED_BYTES};
use crate::events::BoardCreated;
use crate::state::{Board, BoardRules, Seat};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct CreateBoardArgs {
    /// Tells the boards of one creator apart.
    pub id: u32,
    pub development: bool,
    pub rules: BoardRules,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateBoardArgs)]
pub struct CreateBoard<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub creator: Signer<'info>,
    #[account(
        init,
        payer = payer,
        space = 8 + Board::INIT_SPACE,
        seeds = [BOARD_SEED, creator.key().as_ref(), &args.id.to_le_bytes()],
        bump
    )]
    pub board: Box<Account<'info, Board>>,
    /// CHECK: only its address matters, which its seeds prove.
    #[account(seeds = [BOARD_VAULT_SEED, board.key().as_ref()], bump)]
    pub vault: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_board(ctx: Context<CreateBoard>, args: CreateBoardArgs) -> Result<()> {
    let creator = ctx.accounts.creator.key();
    let board = &mut ctx.accounts.board;
    board.set_inner(Board {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.board,
        vault_bump: ctx.bumps.vault,
        creator,
        id: args.id,
        development: args.development,
        seat_count: 0,
        seats: [Seat::default(); MAX_SEATS],
        threshold: 0,
        timelock_secs: 0,
        voting_period_secs: 0,
        seats_epoch: 0,
        proposal_count: 0,
        reserved: [0; RESERVED_BYTES],
    });
    board.set_rules(&args.rules)?;
    board.invariant()?;
    emit_cpi!(BoardCreated {
        board: board.key(),
        creator,
        vault: ctx.accounts.vault.key(),
        development: board.development,
        seats: board.seats,
        threshold: board.threshold,
        timelock_secs: board.timelock_secs,
        voting_period_secs: board.voting_period_secs,
    });
    Ok(())
}
