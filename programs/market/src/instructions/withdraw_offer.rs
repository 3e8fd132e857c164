use anchor_lang::prelude::*;
use registry::Participant;

use crate::constants::OFFER_SEED;
use crate::error::MarketError;
use crate::events::OfferWithdrawn;
use crate::state::Offer;

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawOffer<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [OFFER_SEED, offer.participant.as_ref(), &offer.index.to_le_bytes()],
        bump = offer.bump,
        has_one = participant @ MarketError::OfferOfAnotherParticipant
    )]
    pub offer: Box<Account<'info, Offer>>,
}

pub fn handle_withdraw_offer(ctx: Context<WithdrawOffer>) -> Result<()> {
    let offer = &mut ctx.accounts.offer;
    offer.withdraw()?;
    offer.invariant()?;
    emit_cpi!(OfferWithdrawn {
        offer: offer.key(),
        remaining_kilobits_per_second: offer.remaining_kilobits_per_second,
    });
    Ok(())
}
