use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::PayoutReleased;
use crate::state::Contract;
use crate::vault::pay_from_vault;

#[event_cpi]
#[derive(Accounts)]
pub struct ReleasePayout<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: compared with the payee of this index in the handler; only its token account is used.
    pub payee: UncheckedAccount<'info>,
    #[account(
        mut,
        associated_token::mint = mint,
        associated_token::authority = payee,
        associated_token::token_program = token_program
    )]
    pub payee_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_release_payout(ctx: Context<ReleasePayout>, index: u8) -> Result<u64> {
    let accounts = &mut *ctx.accounts;
    accounts
        .contract
        .validate_payee(index, accounts.payee.key)?;
    let amount = accounts.contract.take_owed(index)?;
    let vault_balance_after = accounts
        .vault
        .amount
        .checked_sub(amount)
        .ok_or(MarketError::VaultTooSmall)?;
    accounts.contract.invariant(vault_balance_after)?;
    accounts.contract.exit(&crate::ID)?;
    pay_from_vault(
        &accounts.contract,
        &accounts.vault,
        &accounts.payee_token_account,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    let accounts = &*ctx.accounts;
    emit_cpi!(PayoutReleased {
        contract: accounts.contract.key(),
        index,
        payee: accounts.payee.key(),
        amount,
        vault_balance_after,
    });
    Ok(amount)
}
