use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::governance_events::Paused;
use crate::state::Config;

#[event_cpi]
#[derive(Accounts)]
pub struct Pause<'info> {
    pub authority: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        constraint = [config.board, config.guardian].contains(authority.key)
            @ RegistryError::NotBoardOrGuardian
    )]
    pub config: Box<Account<'info, Config>>,
}

pub fn handle_pause(ctx: Context<Pause>, bits: u16, until: i64) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let config = &mut ctx.accounts.config;
    config.pause(bits, until, now)?;
    config.invariant()?;
    emit_cpi!(Paused {
        authority: ctx.accounts.authority.key(),
        bits,
        started_at: now,
        until,
    });
    Ok(())
}
