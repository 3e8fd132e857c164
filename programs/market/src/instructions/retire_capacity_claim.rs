use anchor_lang::prelude::*;
use registry::Participant;

use crate::constants::CAPACITY_CLAIM_SEED;
use crate::error::MarketError;
use crate::events::CapacityClaimRetired;
use crate::state::CapacityClaim;

#[event_cpi]
#[derive(Accounts)]
pub struct RetireCapacityClaim<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [
            CAPACITY_CLAIM_SEED,
            capacity_claim.node.as_ref(),
            &capacity_claim.index.to_le_bytes()
        ],
        bump = capacity_claim.bump,
        has_one = participant @ MarketError::ClaimOfAnotherParticipant
    )]
    pub capacity_claim: Box<Account<'info, CapacityClaim>>,
}

pub fn handle_retire_capacity_claim(ctx: Context<RetireCapacityClaim>) -> Result<()> {
    let claim = &mut ctx.accounts.capacity_claim;
    claim.retire()?;
    claim.invariant()?;
    emit_cpi!(CapacityClaimRetired {
        capacity_claim: claim.key(),
        node: claim.node
    });
    Ok(())
}
