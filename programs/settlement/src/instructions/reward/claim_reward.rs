use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use protocol_core::RewardEntry;

use crate::constants::REWARD_STATUS_SEED;
use crate::error::SettlementError;
use crate::reward_events::RewardClaimed;
use crate::reward_vault::pay_from_pool;
use crate::state::{RewardPool, RewardStatus};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct ClaimRewardArgs {
    pub index: u32,
    pub lifetime: u64,
    pub path: Vec<[u8; 32]>,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ClaimRewardArgs)]
pub struct ClaimReward<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        mut,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    #[account(
        init_if_needed,
        payer = payer,
        space = 8 + RewardStatus::INIT_SPACE,
        seeds = [REWARD_STATUS_SEED, pool.key().as_ref(), &args.index.to_le_bytes()],
        bump
    )]
    pub status: Box<Account<'info, RewardStatus>>,
    /// CHECK: part of the proven entry; only its token account is used.
    pub owner: UncheckedAccount<'info>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = owner,
        associated_token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

impl ClaimReward<'_> {
    fn entry(&self, args: &ClaimRewardArgs) -> RewardEntry {
        RewardEntry {
            index: args.index,
            owner: self.owner.key().to_bytes(),
            lifetime: args.lifetime,
        }
    }

    /// Takes the member's due off the books.
    fn take(&mut self, args: &ClaimRewardArgs, bump: u8) -> Result<u64> {
        let entry = self.entry(args);
        self.pool.active.verify(&entry, &args.path)?;
        if self.status.is_new() {
            let (pool, owner) = (self.pool.key(), self.owner.key());
            self.status
                .begin(pool, args.index, owner, self.payer.key(), bump);
            self.pool.begin_status()?;
        }
        let amount = self.status.take_due(&entry)?;
        self.pool.pay(amount)?;
        Ok(amount)
    }

    fn pay(&mut self, amount: u64) -> Result<()> {
        self.pool.exit(&crate::ID)?;
        self.status.exit(&crate::ID)?;
        pay_from_pool(
            &self.pool,
            &mut self.vault,
            &self.owner_token_account,
            &self.mint,
            &self.token_program,
            amount,
        )
    }
}

pub fn handle_claim_reward(ctx: Context<ClaimReward>, args: ClaimRewardArgs) -> Result<()> {
    let amount = ctx.accounts.take(&args, ctx.bumps.status)?;
    ctx.accounts.pay(amount)?;
    emit_cpi!(RewardClaimed {
        pool: ctx.accounts.pool.key(),
        index: args.index,
        owner: ctx.accounts.owner.key(),
        lifetime: args.lifetime,
        amount,
        paid_total: ctx.accounts.pool.paid_total,
    });
    Ok(())
}
