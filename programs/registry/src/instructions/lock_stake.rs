use anchor_lang::prelude::*;

use crate::constants::{MARKET_AUTHORITY_AND_BUMP, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::StakeLocked;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct LockStake<'info> {
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0 @ RegistryError::NotMarket)]
    pub market_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_lock_stake(ctx: Context<LockStake>, amount: u64) -> Result<()> {
    let participant = &mut ctx.accounts.participant;
    participant.lock_stake(amount)?;
    participant.invariant()?;
    emit_cpi!(StakeLocked {
        participant: participant.key(),
        amount,
        stake_free_after: participant.stake_free,
        stake_locked_after: participant.stake_locked,
    });
    Ok(())
}
