use anchor_lang::prelude::*;

use crate::constants::{PARTICIPANT_SEED, POOL_SEED};
use crate::error::RegistryError;
use crate::events::PoolSharesAccepted;
use crate::state::{Participant, ParticipantKind, Pool};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptPoolShares<'info> {
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

impl AcceptPoolShares<'_> {
    fn validate(&self) -> Result<()> {
        self.participant.invariant()?;
        require!(
            self.participant.kind == ParticipantKind::Seller,
            RegistryError::NotSeller
        );
        self.participant.check_active()
    }
}

pub fn handle_accept_pool_shares(ctx: Context<AcceptPoolShares>, revision: u32) -> Result<()> {
    ctx.accounts.validate()?;
    let participant = ctx.accounts.participant.key();
    let pool = &mut ctx.accounts.pool;
    // What the member has read: shares that change in between are not accepted unseen.
    pool.accept(&participant, revision)?;
    pool.invariant()?;
    emit_cpi!(PoolSharesAccepted {
        pool: pool.key(),
        participant,
        revision,
        complete: pool.is_complete(),
    });
    Ok(())
}
