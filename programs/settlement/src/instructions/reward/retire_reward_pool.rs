use anchor_lang::prelude::*;
use registry::Participant;

use crate::error::SettlementError;
use crate::reward_events::RewardPoolRetired;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct RetireRewardPool<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ SettlementError::NotRewardCreator)]
    pub creator: Box<Account<'info, Participant>>,
    #[account(mut, has_one = creator @ SettlementError::NotRewardCreator)]
    pub pool: Box<Account<'info, RewardPool>>,
}

pub fn handle_retire_reward_pool(ctx: Context<RetireRewardPool>) -> Result<()> {
    ctx.accounts.pool.retire()?;
    emit_cpi!(RewardPoolRetired {
        pool: ctx.accounts.pool.key(),
        paid_total: ctx.accounts.pool.paid_total,
    });
    Ok(())
}
