use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::governance_events::AuthoritiesCancelled;
use crate::state::Config;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelAuthorities<'info> {
    pub board: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = board @ RegistryError::NotBoard
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_cancel_authorities(ctx: Context<CancelAuthorities>) -> Result<()> {
    let config = &mut ctx.accounts.config;
    let authorities_hash = config.cancel_authorities()?;
    config.invariant()?;
    emit_cpi!(AuthoritiesCancelled { authorities_hash });
    Ok(())
}
