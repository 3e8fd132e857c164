use anchor_lang::prelude::*;

use crate::constants::{MARKET_AUTHORITY_AND_BUMP, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::ContractEnded;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct EndContract<'info> {
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0 @ RegistryError::NotMarket)]
    pub market_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, content_provider.owner.as_ref()],
        bump = content_provider.bump
    )]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, seller.owner.as_ref()],
        bump = seller.bump
    )]
    pub seller: Box<Account<'info, Participant>>,
}

pub fn handle_end_contract(ctx: Context<EndContract>) -> Result<()> {
    let EndContract {
        content_provider,
        seller,
        ..
    } = &mut *ctx.accounts;
    content_provider.end_contract()?;
    seller.end_contract()?;
    content_provider.invariant()?;
    seller.invariant()?;
    emit_cpi!(ContractEnded {
        content_provider: ctx.accounts.content_provider.key(),
        seller: ctx.accounts.seller.key(),
    });
    Ok(())
}
