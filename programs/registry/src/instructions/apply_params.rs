use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::governance_events::ParamsApplied;
use crate::state::{Config, Params};

#[event_cpi]
#[derive(Accounts)]
pub struct ApplyParams<'info> {
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_apply_params(ctx: Context<ApplyParams>, params: Params) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let config = &mut ctx.accounts.config;
    let params_hash_before = config.params.hash()?;
    config.apply_params(&params, now)?;
    config.invariant()?;
    emit_cpi!(ParamsApplied {
        params_hash_before,
        params_hash_after: config.params.hash()?,
    });
    Ok(())
}
