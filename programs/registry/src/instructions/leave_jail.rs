use anchor_lang::prelude::*;

use crate::constants::PARTICIPANT_SEED;
use crate::error::RegistryError;
use crate::events::JailLeft;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct LeaveJail<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_leave_jail(ctx: Context<LeaveJail>) -> Result<()> {
    let participant = &mut ctx.accounts.participant;
    participant.leave_jail(Clock::get()?.unix_timestamp)?;
    participant.invariant()?;
    emit_cpi!(JailLeft {
        participant: participant.key(),
    });
    Ok(())
}
