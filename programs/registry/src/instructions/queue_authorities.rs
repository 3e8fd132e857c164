use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::governance_events::AuthoritiesQueued;
use crate::state::{Authorities, Config};

#[event_cpi]
#[derive(Accounts)]
pub struct QueueAuthorities<'info> {
    pub board: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = board @ RegistryError::NotBoard
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_queue_authorities(
    ctx: Context<QueueAuthorities>,
    authorities: Authorities,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let config = &mut ctx.accounts.config;
    let authorities_hash = config.queue_authorities(&authorities, now)?;
    config.invariant()?;
    emit_cpi!(AuthoritiesQueued {
        authorities,
        authorities_hash,
        ready_at: config.pending_authorities_at,
    });
    Ok(())
}
