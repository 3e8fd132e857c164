use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use protocol_core::RewardEntry;

use crate::error::SettlementError;
use crate::reward_events::RewardRootVetoed;
use crate::reward_vault::pay_from_pool;
use crate::state::{RewardPool, RewardStatus};

/// The entry of the pending root at the status' index, and its proof.
#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct VetoRewardRootArgs {
    pub owner: Pubkey,
    pub lifetime: u64,
    pub path: Vec<[u8; 32]>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct VetoRewardRoot<'info> {
    pub vetoer: Signer<'info>,
    #[account(
        mut,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    /// What has been proven of the member.
    #[account(has_one = pool @ SettlementError::WrongRewardPool)]
    pub status: Box<Account<'info, RewardStatus>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// Receives the bounty.
    #[account(
        mut,
        token::mint = mint,
        token::authority = vetoer,
        token::token_program = token_program
    )]
    pub vetoer_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl VetoRewardRoot<'_> {
    fn validate(&self, args: &VetoRewardRootArgs) -> Result<()> {
        let entry = RewardEntry {
            index: self.status.index,
            owner: args.owner.to_bytes(),
            lifetime: args.lifetime,
        };
        self.pool
            .check_veto(&self.status.entry(), &entry, &args.path)
    }

    fn pay_bounty(&mut self, bounty: u64) -> Result<()> {
        self.pool.exit(&crate::ID)?;
        pay_from_pool(
            &self.pool,
            &mut self.vault,
            &self.vetoer_token_account,
            &self.mint,
            &self.token_program,
            bounty,
        )
    }
}

pub fn handle_veto_reward_root(
    ctx: Context<VetoRewardRoot>,
    args: VetoRewardRootArgs,
) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let pending = ctx.accounts.pool.pending;
    let bond = ctx.accounts.pool.drop_pending();
    // Not all of it: an aggregator that vetoes itself would lose nothing.
    let bounty = bond / 2;
    ctx.accounts.pay_bounty(bounty)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(RewardRootVetoed {
        pool: accounts.pool.key(),
        pending,
        index: accounts.status.index,
        owner_before: accounts.status.owner,
        lifetime_before: accounts.status.proven,
        owner_after: args.owner,
        lifetime_after: args.lifetime,
        vetoer: accounts.vetoer.key(),
        bounty,
        kept: bond.saturating_sub(bounty),
    });
    Ok(())
}
