use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::{ContractActivated, ContractFunded};
use crate::state::{add, Contract, ContractState};

#[event_cpi]
#[derive(Accounts)]
pub struct FundContract<'info> {
    pub funder: Signer<'info>,
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
    #[account(
        mut,
        token::mint = mint,
        token::authority = funder,
        token::token_program = token_program
    )]
    pub funder_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl FundContract<'_> {
    fn validate(&self, amount: u64, now: i64) -> Result<()> {
        require!(amount > 0, MarketError::AmountZero);
        require!(
            self.contract.is_running() || self.contract.state == ContractState::Proposed,
            MarketError::ContractStateInvalid
        );
        require!(now < self.contract.ends_at()?, MarketError::ContractOver);
        Ok(())
    }

    /// Moves the tokens and returns what has really arrived.
    fn receive(&mut self, amount: u64) -> Result<u64> {
        let before = self.vault.amount;
        let accounts = TransferChecked {
            from: self.funder_token_account.to_account_info(),
            mint: self.mint.to_account_info(),
            to: self.vault.to_account_info(),
            authority: self.funder.to_account_info(),
        };
        let context = CpiContext::new(self.token_program.key(), accounts);
        transfer_checked(context, amount, self.mint.decimals)?;
        self.vault.reload()?;
        let received = self.vault.amount.checked_sub(before);
        received.ok_or_else(|| MarketError::AmountOverflow.into())
    }
}

pub fn handle_fund_contract(ctx: Context<FundContract>, amount: u64) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(amount, now)?;
    let received = ctx.accounts.receive(amount)?;
    let vault_balance = ctx.accounts.vault.amount;
    let contract = &mut ctx.accounts.contract;
    contract.deposited_total = add(contract.deposited_total, received)?;
    let state_before = contract.update_funding(vault_balance, now)?;
    contract.invariant(vault_balance)?;
    emit_cpi!(ContractFunded {
        contract: contract.key(),
        amount: received,
        vault_balance,
        state_before,
        state_after: contract.state,
    });
    if state_before != contract.state && contract.state == ContractState::Active {
        emit_cpi!(ContractActivated {
            contract: contract.key(),
            vault_balance,
            reserve: contract.reserve(now)?,
        });
    }
    Ok(())
}
