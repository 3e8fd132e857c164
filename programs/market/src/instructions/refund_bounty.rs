use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};

use crate::bounty_events::BountyRefunded;
use crate::constants::BOUNTY_SEED;
use crate::error::MarketError;
use crate::escrow::Escrow;
use crate::state::Bounty;

#[event_cpi]
#[derive(Accounts)]
pub struct RefundBounty<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: compared with the owner that the bounty names; only its token account is used.
    pub owner: UncheckedAccount<'info>,
    #[account(
        mut,
        close = rent_payer,
        seeds = [BOUNTY_SEED, bounty.content_provider.as_ref(), &bounty.nonce.to_le_bytes()],
        bump = bounty.bump,
        has_one = owner @ MarketError::WrongRecipient,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault,
        has_one = rent_payer @ MarketError::WrongRentPayer
    )]
    pub bounty: Box<Account<'info, Bounty>>,
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

pub fn handle_refund_bounty(ctx: Context<RefundBounty>) -> Result<()> {
    let accounts = &*ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    require!(accounts.bounty.is_over(now), MarketError::BountyRunning);
    let nonce = accounts.bounty.nonce.to_le_bytes();
    let escrow = Escrow {
        authority: accounts.bounty.to_account_info(),
        seeds: &[
            BOUNTY_SEED,
            accounts.bounty.content_provider.as_ref(),
            &nonce,
            std::slice::from_ref(&accounts.bounty.bump),
        ],
        vault: &accounts.vault,
        mint: &accounts.mint,
        token_program: &accounts.token_program,
    };
    let amount = escrow.empty_and_close(
        &accounts.owner_token_account,
        accounts.rent_payer.to_account_info(),
    )?;
    emit_cpi!(BountyRefunded {
        bounty: accounts.bounty.key(),
        content_provider: accounts.bounty.content_provider,
        amount,
        payments_made: u8::try_from(accounts.bounty.sellers.len())
            .map_err(|_| MarketError::AmountOverflow)?,
    });
    Ok(())
}
