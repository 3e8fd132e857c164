use anchor_lang::prelude::*;

use crate::constants::{PARTICIPANT_SEED, POOL_SEED};
use crate::error::RegistryError;
use crate::events::PoolMemberLeft;
use crate::state::{check_version, Participant, Pool};

#[event_cpi]
#[derive(Accounts)]
pub struct LeavePool<'info> {
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [POOL_SEED, pool.creator.as_ref(), &pool.index.to_le_bytes()],
        bump = pool.bump
    )]
    pub pool: Box<Account<'info, Pool>>,
}

pub fn handle_leave_pool(ctx: Context<LeavePool>) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    let participant = ctx.accounts.participant.key();
    let pool = &mut ctx.accounts.pool;
    pool.leave(&participant)?;
    pool.invariant()?;
    emit_cpi!(PoolMemberLeft {
        pool: pool.key(),
        participant,
        revision: pool.revision,
    });
    Ok(())
}
