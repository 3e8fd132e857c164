use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::Participant;

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::ContentProviderRefunded;
use crate::state::Contract;
use crate::vault::pay_from_vault;

#[event_cpi]
#[derive(Accounts)]
pub struct RefundContentProvider<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub content_provider: Box<Account<'info, Participant>>,
    /// CHECK: compared with the content provider's owner; only its token account is used.
    pub owner: UncheckedAccount<'info>,
    #[account(
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = content_provider @ MarketError::NotContentProvider,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
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

pub fn handle_refund_content_provider(ctx: Context<RefundContentProvider>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    require!(
        accounts.contract.is_terminal(),
        MarketError::ContractStateInvalid
    );
    let owed_total = accounts.contract.spoken_for()?;
    let amount = accounts
        .vault
        .amount
        .checked_sub(owed_total)
        .ok_or(MarketError::VaultTooSmall)?;
    require!(amount > 0, MarketError::NothingToPay);
    pay_from_vault(
        &accounts.contract,
        &accounts.vault,
        &accounts.owner_token_account,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ContentProviderRefunded {
        contract: accounts.contract.key(),
        owner: accounts.owner.key(),
        amount,
        owed_total,
    });
    Ok(())
}
