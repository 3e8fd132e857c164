use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::Participant;

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::ExcessWithdrawn;
use crate::state::Contract;
use crate::vault::pay_from_vault;

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawExcess<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(
        mut,
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
        mut,
        token::mint = mint,
        token::authority = owner,
        token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl WithdrawExcess<'_> {
    fn validate(&self, amount: u64, now: i64) -> Result<()> {
        require!(amount > 0, MarketError::AmountZero);
        require!(
            self.contract.is_running(),
            MarketError::ContractStateInvalid
        );
        require!(
            amount <= self.contract.excess(self.vault.amount, now)?,
            MarketError::ExcessTooSmall
        );
        Ok(())
    }
}

pub fn handle_withdraw_excess(ctx: Context<WithdrawExcess>, amount: u64) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.validate(amount, now)?;
    let vault_balance_before = accounts.vault.amount;
    let vault_balance_after = vault_balance_before
        .checked_sub(amount)
        .ok_or(MarketError::VaultTooSmall)?;
    accounts.contract.invariant(vault_balance_after)?;
    pay_from_vault(
        &accounts.contract,
        &accounts.vault,
        &accounts.owner_token_account,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ExcessWithdrawn {
        contract: accounts.contract.key(),
        amount,
        vault_balance_before,
        vault_balance_after,
    });
    Ok(())
}
