use anchor_lang::prelude::*;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::governance_events::Unpaused;
use crate::state::Config;

#[event_cpi]
#[derive(Accounts)]
pub struct Unpause<'info> {
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

pub fn handle_unpause(ctx: Context<Unpause>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let config = &mut ctx.accounts.config;
    let (bits, until_before) = (config.pause_bits, config.pause_until);
    config.unpause(now)?;
    config.invariant()?;
    emit_cpi!(Unpaused {
        authority: ctx.accounts.authority.key(),
        bits,
        until_before,
        until_after: config.pause_until,
    });
    Ok(())
}
