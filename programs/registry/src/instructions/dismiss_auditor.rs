use anchor_lang::prelude::*;

use crate::constants::{CONFIG_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::AuditorDismissed;
use crate::state::{Config, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct DismissAuditor<'info> {
    pub board: Signer<'info>,
    #[account(
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = board @ RegistryError::NotBoard
    )]
    pub config: Box<Account<'info, Config>>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_dismiss_auditor(ctx: Context<DismissAuditor>) -> Result<()> {
    ctx.accounts.config.check_version()?;
    let participant = &mut ctx.accounts.participant;
    let admitted_at_before = participant.auditor_admitted_at;
    participant.dismiss_auditor()?;
    participant.invariant()?;
    emit_cpi!(AuditorDismissed {
        participant: participant.key(),
        admitted_at_before,
    });
    Ok(())
}
