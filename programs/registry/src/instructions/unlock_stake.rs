use anchor_lang::prelude::*;

use crate::constants::{PARTICIPANT_SEED, SETTLEMENT_AUTHORITY_AND_BUMP};
use crate::error::RegistryError;
use crate::events::StakeUnlocked;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct UnlockStake<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ RegistryError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_unlock_stake(ctx: Context<UnlockStake>, amount: u64) -> Result<()> {
    let participant = &mut ctx.accounts.participant;
    participant.unlock_stake(amount)?;
    participant.invariant()?;
    emit_cpi!(StakeUnlocked {
        participant: participant.key(),
        amount,
        stake_free_after: participant.stake_free,
        stake_locked_after: participant.stake_locked,
    });
    Ok(())
}
