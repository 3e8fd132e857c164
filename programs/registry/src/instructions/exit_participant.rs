use anchor_lang::prelude::*;

use crate::constants::PARTICIPANT_SEED;
use crate::error::RegistryError;
use crate::events::ParticipantExited;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct ExitParticipant<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_exit_participant(ctx: Context<ExitParticipant>) -> Result<()> {
    let participant = &mut ctx.accounts.participant;
    participant.leave()?;
    participant.invariant()?;
    emit_cpi!(ParticipantExited {
        participant: participant.key(),
        owner: participant.owner,
    });
    Ok(())
}
