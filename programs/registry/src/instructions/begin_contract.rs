use anchor_lang::prelude::*;

use crate::constants::{MARKET_AUTHORITY_AND_BUMP, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::ContractBegun;
use crate::state::{Participant, ParticipantKind, ParticipantStatus};

#[event_cpi]
#[derive(Accounts)]
pub struct BeginContract<'info> {
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

impl BeginContract<'_> {
    fn validate(&self) -> Result<()> {
        let (buyer, seller) = (&self.content_provider, &self.seller);
        require!(
            buyer.kind == ParticipantKind::ContentProvider,
            RegistryError::NotContentProvider
        );
        require!(
            seller.kind == ParticipantKind::Seller,
            RegistryError::NotSeller
        );
        let both_active =
            buyer.status == ParticipantStatus::Active && seller.status == ParticipantStatus::Active;
        require!(both_active, RegistryError::ParticipantNotActive);
        Ok(())
    }
}

pub fn handle_begin_contract(ctx: Context<BeginContract>, nonce: u64) -> Result<()> {
    ctx.accounts.validate()?;
    let BeginContract {
        content_provider,
        seller,
        ..
    } = &mut *ctx.accounts;
    content_provider.use_contract_nonce(nonce)?;
    content_provider.begin_contract()?;
    seller.begin_contract()?;
    content_provider.invariant()?;
    seller.invariant()?;
    emit_cpi!(ContractBegun {
        content_provider: ctx.accounts.content_provider.key(),
        seller: ctx.accounts.seller.key(),
        nonce,
    });
    Ok(())
}
