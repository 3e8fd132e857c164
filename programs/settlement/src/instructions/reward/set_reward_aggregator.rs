use anchor_lang::prelude::*;
use registry::Participant;

use crate::error::SettlementError;
use crate::reward_events::RewardAggregatorSet;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct SetRewardAggregator<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ SettlementError::NotRewardCreator)]
    pub creator: Box<Account<'info, Participant>>,
    #[account(mut, has_one = creator @ SettlementError::NotRewardCreator)]
    pub pool: Box<Account<'info, RewardPool>>,
}

impl SetRewardAggregator<'_> {
    /// The bond of a pending root goes back to who paid it: nobody may take that place meanwhile.
    fn validate(&self) -> Result<()> {
        self.pool.validate_live()?;
        self.pool.validate_settled_root()
    }
}

pub fn handle_set_reward_aggregator(
    ctx: Context<SetRewardAggregator>,
    aggregator: Pubkey,
) -> Result<()> {
    ctx.accounts.validate()?;
    let pool = &mut ctx.accounts.pool;
    let aggregator_before = std::mem::replace(&mut pool.aggregator, aggregator);
    emit_cpi!(RewardAggregatorSet {
        pool: ctx.accounts.pool.key(),
        aggregator_before,
        aggregator_after: aggregator,
    });
    Ok(())
}
