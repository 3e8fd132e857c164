use anchor_lang::prelude::*;

use crate::constants::PARTICIPANT_SEED;
use crate::error::RegistryError;
use crate::events::UnbondCancelled;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelUnbond<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_cancel_unbond(ctx: Context<CancelUnbond>, slot: u8) -> Result<()> {
    let participant = &mut ctx.accounts.participant;
    let stake_free_before = participant.stake_free;
    let amount = participant.cancel_unbond(slot)?;
    participant.invariant()?;
    emit_cpi!(UnbondCancelled {
        participant: participant.key(),
        slot,
        amount,
        stake_free_before,
        stake_free_after: participant.stake_free,
    });
    Ok(())
}
