use anchor_lang::prelude::*;

use crate::constants::{CONFIG_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::UnbondRequested;
use crate::state::{Config, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct RequestUnbond<'info> {
    pub owner: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_request_unbond(ctx: Context<RequestUnbond>, amount: u64) -> Result<()> {
    ctx.accounts.config.check_version()?;
    let now = Clock::get()?.unix_timestamp;
    let ready_at = now
        .checked_add(i64::from(ctx.accounts.config.params.unbond_secs))
        .ok_or(RegistryError::CounterOutOfRange)?;
    let participant = &mut ctx.accounts.participant;
    let stake_free_before = participant.stake_free;
    let slot = participant.request_unbond(amount, ready_at)?;
    participant.invariant()?;
    emit_cpi!(UnbondRequested {
        participant: participant.key(),
        slot,
        amount,
        ready_at,
        stake_free_before,
        stake_free_after: participant.stake_free,
    });
    Ok(())
}
