use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::governance_events::ParamsCancelled;
use crate::state::Config;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelParams<'info> {
    pub board: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = board @ RegistryError::NotBoard
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_cancel_params(ctx: Context<CancelParams>) -> Result<()> {
    let config = &mut ctx.accounts.config;
    let params_hash = config.cancel_params()?;
    config.invariant()?;
    emit_cpi!(ParamsCancelled { params_hash });
    Ok(())
}
