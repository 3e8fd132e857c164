use anchor_lang::prelude::*;

use crate::constants::{PARTICIPANT_SEED, POOL_SEED};
use crate::error::RegistryError;
use crate::events::PoolSharesProposed;
use crate::instructions::create_pool::{pairs, PoolShare};
use crate::state::{check_version, Participant, Pool};

#[event_cpi]
#[derive(Accounts)]
pub struct ProposePoolShares<'info> {
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
        bump = pool.bump,
        constraint = pool.creator == participant.key() @ RegistryError::NotPoolCreator
    )]
    pub pool: Box<Account<'info, Pool>>,
}

pub fn handle_propose_pool_shares(
    ctx: Context<ProposePoolShares>,
    shares: Vec<PoolShare>,
) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    let pool = &mut ctx.accounts.pool;
    pool.propose(&pairs(&shares))?;
    pool.invariant()?;
    emit_cpi!(PoolSharesProposed {
        pool: pool.key(),
        creator: pool.creator,
        revision: pool.revision,
        members: pool.members,
    });
    Ok(())
}
