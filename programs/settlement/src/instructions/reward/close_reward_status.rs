use anchor_lang::prelude::*;

use crate::error::SettlementError;
use crate::reward_events::RewardStatusClosed;
use crate::state::{RewardPool, RewardStatus};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseRewardStatus<'info> {
    #[account(mut)]
    pub pool: Box<Account<'info, RewardPool>>,
    #[account(
        mut,
        close = rent_payer,
        has_one = pool @ SettlementError::WrongRewardPool,
        has_one = rent_payer @ SettlementError::WrongRentPayer
    )]
    pub status: Box<Account<'info, RewardStatus>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

pub fn handle_close_reward_status(ctx: Context<CloseRewardStatus>) -> Result<()> {
    ctx.accounts.pool.end_status()?;
    let status = &ctx.accounts.status;
    emit_cpi!(RewardStatusClosed {
        status: status.key(),
        pool: status.pool,
        index: status.index,
        claimed: status.claimed,
    });
    Ok(())
}
