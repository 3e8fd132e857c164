use anchor_lang::prelude::*;

use crate::constants::{PARTICIPANT_SEED, POOL_SEED};
use crate::error::RegistryError;
use crate::events::PoolClosed;
use crate::state::{check_version, Participant, Pool};

#[event_cpi]
#[derive(Accounts)]
pub struct ClosePool<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        close = owner,
        seeds = [POOL_SEED, pool.creator.as_ref(), &pool.index.to_le_bytes()],
        bump = pool.bump,
        constraint = pool.creator == participant.key() @ RegistryError::NotPoolCreator
    )]
    pub pool: Box<Account<'info, Pool>>,
}

pub fn handle_close_pool(ctx: Context<ClosePool>) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    check_version(ctx.accounts.pool.version)?;
    emit_cpi!(PoolClosed {
        pool: ctx.accounts.pool.key(),
        creator: ctx.accounts.pool.creator,
    });
    Ok(())
}
