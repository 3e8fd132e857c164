use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::governance_events::ParamsQueued;
use crate::state::{Config, Params};

#[event_cpi]
#[derive(Accounts)]
pub struct QueueParams<'info> {
    pub board: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = board @ RegistryError::NotBoard
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_queue_params(ctx: Context<QueueParams>, params: Params) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let config = &mut ctx.accounts.config;
    let params_hash = config.queue_params(&params, now)?;
    config.invariant()?;
    emit_cpi!(ParamsQueued {
        params,
        params_hash,
        ready_at: config.pending_params_at,
    });
    Ok(())
}
