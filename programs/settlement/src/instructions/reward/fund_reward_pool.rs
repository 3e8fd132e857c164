use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};

use crate::error::SettlementError;
use crate::reward_events::RewardPoolFunded;
use crate::reward_vault::pay_into_pool;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct FundRewardPool<'info> {
    pub funder: Signer<'info>,
    #[account(
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
        token::authority = funder,
        token::token_program = token_program
    )]
    pub funder_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl FundRewardPool<'_> {
    fn validate(&self, amount: u64) -> Result<()> {
        require!(amount > 0, SettlementError::RewardAmountZero);
        self.pool.validate_live()
    }
}

pub fn handle_fund_reward_pool(ctx: Context<FundRewardPool>, amount: u64) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate(amount)?;
    pay_into_pool(
        &accounts.funder_token_account,
        &accounts.funder,
        &mut accounts.vault,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    emit_cpi!(RewardPoolFunded {
        pool: ctx.accounts.pool.key(),
        amount,
        vault_balance: ctx.accounts.vault.amount,
    });
    Ok(())
}
