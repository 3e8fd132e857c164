use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::Participant;

use crate::auction_events::LotClosed;
use crate::constants::LOT_SEED;
use crate::error::MarketError;
use crate::escrow::Escrow;
use crate::state::Lot;

#[event_cpi]
#[derive(Accounts)]
pub struct CloseLot<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub content_provider: Box<Account<'info, Participant>>,
    /// CHECK: compared with the content provider's owner; only its token account is used.
    pub owner: UncheckedAccount<'info>,
    #[account(
        mut,
        close = rent_payer,
        seeds = [LOT_SEED, lot.content_provider.as_ref(), &lot.nonce.to_le_bytes()],
        bump = lot.bump,
        has_one = content_provider @ MarketError::NotContentProvider,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault,
        has_one = rent_payer @ MarketError::WrongRentPayer
    )]
    pub lot: Box<Account<'info, Lot>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = owner,
        associated_token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

impl CloseLot<'_> {
    fn validate(&self, now: i64) -> Result<()> {
        require!(now >= self.lot.commit_ends_at, MarketError::LotPhaseWrong);
        require!(self.lot.open_bids == 0, MarketError::BidsOpen);
        Ok(())
    }
}

pub fn handle_close_lot(ctx: Context<CloseLot>) -> Result<()> {
    let accounts = &*ctx.accounts;
    accounts.validate(Clock::get()?.unix_timestamp)?;
    let nonce = accounts.lot.nonce.to_le_bytes();
    let escrow = Escrow {
        authority: accounts.lot.to_account_info(),
        seeds: &[
            LOT_SEED,
            accounts.lot.content_provider.as_ref(),
            &nonce,
            std::slice::from_ref(&accounts.lot.bump),
        ],
        vault: &accounts.vault,
        mint: &accounts.mint,
        token_program: &accounts.token_program,
    };
    let left_over = escrow.empty_and_close(
        &accounts.owner_token_account,
        accounts.rent_payer.to_account_info(),
    )?;
    emit_cpi!(LotClosed {
        lot: accounts.lot.key(),
        rent_payer: accounts.rent_payer.key(),
        left_over,
    });
    Ok(())
}
