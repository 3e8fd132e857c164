use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::Participant;

use crate::error::SettlementError;
use crate::reward_events::RewardRootCancelled;
use crate::reward_vault::pay_from_pool;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelRewardRoot<'info> {
    /// The creator's owner, or the aggregator.
    pub authority: Signer<'info>,
    #[account(
        mut,
        has_one = creator @ SettlementError::NotRewardCreator,
        has_one = aggregator @ SettlementError::NotRewardAggregator,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    pub creator: Box<Account<'info, Participant>>,
    /// CHECK: the pool names it; only a token account of it is used.
    pub aggregator: UncheckedAccount<'info>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// Gets the bond back.
    #[account(
        mut,
        token::mint = mint,
        token::authority = aggregator,
        token::token_program = token_program
    )]
    pub aggregator_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl CancelRewardRoot<'_> {
    fn validate(&self, now: i64) -> Result<()> {
        self.pool.validate_pending()?;
        if self.authority.key() == self.creator.owner {
            return Ok(());
        }
        require_keys_eq!(
            self.authority.key(),
            self.aggregator.key(),
            SettlementError::NotRewardAggregator
        );
        self.pool.validate_due(now)
    }

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

pub fn handle_cancel_reward_root(ctx: Context<CancelRewardRoot>) -> Result<()> {
    ctx.accounts.validate(Clock::get()?.unix_timestamp)?;
    let pending = ctx.accounts.pool.pending;
    let bond = ctx.accounts.pool.drop_pending();
    ctx.accounts.return_bond(bond)?;
    emit_cpi!(RewardRootCancelled {
        pool: ctx.accounts.pool.key(),
        pending,
        cancelled_by: ctx.accounts.authority.key(),
        bond,
    });
    Ok(())
}
