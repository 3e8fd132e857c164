use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};

use crate::error::SettlementError;
use crate::reward_events::RewardRootProposed;
use crate::reward_vault::pay_into_pool;
use crate::state::{RewardPool, RewardTree};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct ProposeRewardRootArgs {
    pub root: [u8; 32],
    pub count: u32,
    pub total_lifetime: u64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeRewardRoot<'info> {
    pub aggregator: Signer<'info>,
    #[account(
        mut,
        has_one = aggregator @ SettlementError::NotRewardAggregator,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// Pays the bond.
    #[account(
        mut,
        token::mint = mint,
        token::authority = aggregator,
        token::token_program = token_program
    )]
    pub aggregator_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_propose_reward_root(
    ctx: Context<ProposeRewardRoot>,
    args: ProposeRewardRootArgs,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let pending = RewardTree {
        root: args.root,
        count: args.count,
        total_lifetime: args.total_lifetime,
    };
    accounts.pool.propose(pending, now)?;
    pay_into_pool(
        &accounts.aggregator_token_account,
        &accounts.aggregator,
        &mut accounts.vault,
        &accounts.mint,
        &accounts.token_program,
        accounts.pool.bond_held,
    )?;
    accounts.pool.invariant(accounts.vault.amount)?;
    let pool = &ctx.accounts.pool;
    emit_cpi!(RewardRootProposed {
        pool: pool.key(),
        active: pool.active,
        pending,
        bond: pool.bond_held,
        eta_at: pool.eta_at,
    });
    Ok(())
}
