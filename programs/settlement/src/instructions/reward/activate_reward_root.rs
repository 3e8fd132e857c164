use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};

use crate::error::SettlementError;
use crate::reward_events::RewardRootActivated;
use crate::reward_vault::pay_from_pool;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct ActivateRewardRoot<'info> {
    #[account(
        mut,
        has_one = aggregator @ SettlementError::NotRewardAggregator,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    /// CHECK: the pool names it; only a token account of it is used.
    pub aggregator: UncheckedAccount<'info>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// Gets the bond back. Any account of the aggregator will do: it cannot block its root by closing one.
    #[account(
        mut,
        token::mint = mint,
        token::authority = aggregator,
        token::token_program = token_program
    )]
    pub aggregator_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl ActivateRewardRoot<'_> {
    fn return_bond(&mut self, bond: u64) -> Result<()> {
        self.pool.exit(&crate::ID)?;
        pay_from_pool(
            &self.pool,
            &mut self.vault,
            &self.aggregator_token_account,
            &self.mint,
            &self.token_program,
            bond,
        )
    }
}

pub fn handle_activate_reward_root(ctx: Context<ActivateRewardRoot>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let before = accounts.pool.active;
    let bond = accounts.pool.activate(accounts.vault.amount, now)?;
    accounts.return_bond(bond)?;
    let pool = &ctx.accounts.pool;
    emit_cpi!(RewardRootActivated {
        pool: pool.key(),
        before,
        after: pool.active,
        paid_total: pool.paid_total,
        bond,
    });
    Ok(())
}
