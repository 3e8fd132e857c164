use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::events::HeldPaid;
use crate::state::Contract;
use crate::vault::pay_from_vault;

#[event_cpi]
#[derive(Accounts)]
pub struct PayHeld<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(
        mut,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// The settlement proves whose it is.
    #[account(mut, token::mint = mint, token::token_program = token_program)]
    pub recipient: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_pay_held(ctx: Context<PayHeld>, amount: u64) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.contract.release_held(amount)?;
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
        &accounts.recipient,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    let accounts = &*ctx.accounts;
    emit_cpi!(HeldPaid {
        contract: accounts.contract.key(),
        recipient: accounts.recipient.key(),
        amount,
        vault_balance_after,
    });
    Ok(())
}
