use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{Config, Participant, ParticipantStatus, CONFIG_SEED};

use crate::constants::{REWARD_POOL_SEED, REWARD_POOL_VERSION};
use crate::error::SettlementError;
use crate::reward_events::RewardPoolCreated;
use crate::state::RewardPool;

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct CreateRewardPoolArgs {
    pub id: u64,
    pub aggregator: Pubkey,
    /// Base units for each proposed root.
    pub bond: u64,
    pub delay_secs: i64,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateRewardPoolArgs)]
pub struct CreateRewardPool<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ SettlementError::NotRewardCreator)]
    pub creator: Box<Account<'info, Participant>>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump, seeds::program = registry::ID)]
    pub config: Box<Account<'info, Config>>,
    #[account(
        init,
        payer = payer,
        space = 8 + RewardPool::INIT_SPACE,
        seeds = [REWARD_POOL_SEED, creator.key().as_ref(), &args.id.to_le_bytes()],
        bump
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    /// Anyone may have created it before.
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = pool,
        associated_token::token_program = token_program
    )]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

impl CreateRewardPool<'_> {
    fn validate(&self, args: &CreateRewardPoolArgs) -> Result<()> {
        require!(
            self.creator.status == ParticipantStatus::Active,
            SettlementError::ParticipantNotActive
        );
        require!(
            self.config.allows_mint(&self.mint.key()),
            SettlementError::RewardMintNotAllowed
        );
        RewardPool::validate_terms(args.delay_secs, args.bond, self.config.development)
    }
}

pub fn handle_create_reward_pool(
    ctx: Context<CreateRewardPool>,
    args: CreateRewardPoolArgs,
) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let accounts = &mut *ctx.accounts;
    let pool = &mut accounts.pool;
    pool.version = REWARD_POOL_VERSION;
    pool.bump = ctx.bumps.pool;
    pool.creator = accounts.creator.key();
    pool.id = args.id;
    pool.mint = accounts.mint.key();
    pool.token_program = accounts.token_program.key();
    pool.vault = accounts.vault.key();
    pool.aggregator = args.aggregator;
    pool.bond = args.bond;
    pool.delay_secs = args.delay_secs;
    pool.rent_payer = accounts.payer.key();
    let pool = &ctx.accounts.pool;
    emit_cpi!(RewardPoolCreated {
        pool: pool.key(),
        creator: pool.creator,
        id: pool.id,
        mint: pool.mint,
        vault: pool.vault,
        aggregator: pool.aggregator,
        bond: pool.bond,
        delay_secs: pool.delay_secs,
    });
    Ok(())
}
