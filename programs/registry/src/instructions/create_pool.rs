use anchor_lang::prelude::*;

use crate::constants::{
    ACCOUNT_VERSION, MAX_POOL_MEMBERS, PARTICIPANT_SEED, POOL_SEED, RESERVED_BYTES,
};
use crate::error::RegistryError;
use crate::events::PoolSharesProposed;
use crate::state::{Participant, ParticipantKind, Pool, PoolMember};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct PoolShare {
    /// Participant account of the member.
    pub participant: Pubkey,
    pub basis_points: u16,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(index: u32)]
pub struct CreatePool<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        init,
        payer = owner,
        space = 8 + Pool::INIT_SPACE,
        seeds = [POOL_SEED, participant.key().as_ref(), &index.to_le_bytes()],
        bump
    )]
    pub pool: Box<Account<'info, Pool>>,
    pub system_program: Program<'info, System>,
}

impl CreatePool<'_> {
    fn validate(&self) -> Result<()> {
        self.participant.invariant()?;
        require!(
            self.participant.kind == ParticipantKind::Seller,
            RegistryError::NotSeller
        );
        self.participant.check_active()
    }
}

pub fn handle_create_pool(
    ctx: Context<CreatePool>,
    index: u32,
    shares: Vec<PoolShare>,
) -> Result<()> {
    ctx.accounts.validate()?;
    let creator = ctx.accounts.participant.key();
    let pool = &mut ctx.accounts.pool;
    pool.set_inner(Pool {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.pool,
        creator,
        index,
        revision: 0,
        members: [PoolMember::default(); MAX_POOL_MEMBERS],
        reserved: [0; RESERVED_BYTES],
    });
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

pub(super) fn pairs(shares: &[PoolShare]) -> Vec<(Pubkey, u16)> {
    shares
        .iter()
        .map(|share| (share.participant, share.basis_points))
        .collect()
}
