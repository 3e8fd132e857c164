use anchor_lang::prelude::*;
use protocol_core::RewardEntry;

use crate::constants::REWARD_STATUS_SEED;
use crate::reward_events::RewardProven;
use crate::state::{RewardPool, RewardStatus};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct ProveRewardArgs {
    pub index: u32,
    pub owner: Pubkey,
    pub lifetime: u64,
    pub path: Vec<[u8; 32]>,
}

impl ProveRewardArgs {
    fn entry(&self) -> RewardEntry {
        RewardEntry {
            index: self.index,
            owner: self.owner.to_bytes(),
            lifetime: self.lifetime,
        }
    }
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ProveRewardArgs)]
pub struct ProveReward<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut)]
    pub pool: Box<Account<'info, RewardPool>>,
    #[account(
        init_if_needed,
        payer = payer,
        space = 8 + RewardStatus::INIT_SPACE,
        seeds = [REWARD_STATUS_SEED, pool.key().as_ref(), &args.index.to_le_bytes()],
        bump
    )]
    pub status: Box<Account<'info, RewardStatus>>,
    pub system_program: Program<'info, System>,
}

impl ProveReward<'_> {
    fn validate(&self, args: &ProveRewardArgs) -> Result<()> {
        self.pool.validate_live()?;
        self.pool.active.verify(&args.entry(), &args.path)
    }
}

pub fn handle_prove_reward(ctx: Context<ProveReward>, args: ProveRewardArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let accounts = &mut *ctx.accounts;
    if accounts.status.is_new() {
        let (pool, payer) = (accounts.pool.key(), accounts.payer.key());
        let bump = ctx.bumps.status;
        accounts
            .status
            .begin(pool, args.index, args.owner, payer, bump);
        accounts.pool.begin_status()?;
    }
    accounts.status.prove(&args.entry())?;
    emit_cpi!(RewardProven {
        pool: ctx.accounts.pool.key(),
        index: args.index,
        owner: args.owner,
        lifetime: args.lifetime,
    });
    Ok(())
}
