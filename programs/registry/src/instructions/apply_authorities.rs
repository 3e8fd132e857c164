use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::governance_events::AuthoritiesApplied;
use crate::state::{Authorities, Config};

#[event_cpi]
#[derive(Accounts)]
pub struct ApplyAuthorities<'info> {
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_apply_authorities(
    ctx: Context<ApplyAuthorities>,
    authorities: Authorities,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let config = &mut ctx.accounts.config;
    let authorities_before = config.authorities();
    config.apply_authorities(&authorities, now)?;
    config.invariant()?;
    emit_cpi!(AuthoritiesApplied {
        authorities_before,
        authorities_after: config.authorities(),
    });
    Ok(())
}
