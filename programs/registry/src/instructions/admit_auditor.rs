use anchor_lang::prelude::*;

use crate::constants::{CONFIG_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::AuditorAdmitted;
use crate::state::{Config, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct AdmitAuditor<'info> {
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

pub fn handle_admit_auditor(ctx: Context<AdmitAuditor>) -> Result<()> {
    ctx.accounts.config.check_version()?;
    let participant = &mut ctx.accounts.participant;
    let now = Clock::get()?.unix_timestamp;
    participant.admit_auditor(now)?;
    participant.invariant()?;
    emit_cpi!(AuditorAdmitted {
        participant: participant.key(),
        admitted_at: now,
    });
    Ok(())
}
