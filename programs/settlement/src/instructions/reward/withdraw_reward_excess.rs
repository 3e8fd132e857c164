use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::Participant;

use crate::error::SettlementError;
use crate::reward_events::RewardExcessWithdrawn;
use crate::reward_vault::pay_from_pool;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawRewardExcess<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ SettlementError::NotRewardCreator)]
    pub creator: Box<Account<'info, Participant>>,
    #[account(
        has_one = creator @ SettlementError::NotRewardCreator,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub pool: Box<Account<'info, RewardPool>>,
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

impl WithdrawRewardExcess<'_> {
    fn validate(&self, amount: u64) -> Result<()> {
        require!(amount > 0, SettlementError::RewardAmountZero);
        require!(
            amount <= self.pool.excess(self.vault.amount)?,
            SettlementError::RewardExcessTooSmall
        );
        Ok(())
    }
}

pub fn handle_withdraw_reward_excess(
    ctx: Context<WithdrawRewardExcess>,
    amount: u64,
) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate(amount)?;
    pay_from_pool(
        &accounts.pool,
        &mut accounts.vault,
        &accounts.owner_token_account,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    emit_cpi!(RewardExcessWithdrawn {
        pool: ctx.accounts.pool.key(),
        amount,
        vault_balance: ctx.accounts.vault.amount,
    });
    Ok(())
}
