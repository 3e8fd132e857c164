use anchor_lang::prelude::*;
use anchor_spl::token_interface::{close_account, CloseAccount, TokenAccount, TokenInterface};

use crate::error::SettlementError;
use crate::reward_events::RewardPoolClosed;
use crate::reward_vault::pool_seeds;
use crate::state::RewardPool;

#[event_cpi]
#[derive(Accounts)]
pub struct CloseRewardPool<'info> {
    #[account(
        mut,
        close = rent_payer,
        has_one = vault @ SettlementError::WrongVault,
        has_one = rent_payer @ SettlementError::WrongRentPayer
    )]
    pub pool: Box<Account<'info, RewardPool>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl CloseRewardPool<'_> {
    fn validate(&self) -> Result<()> {
        self.pool.validate_closable()?;
        require!(self.vault.amount == 0, SettlementError::RewardVaultNotEmpty);
        Ok(())
    }
}

pub fn handle_close_reward_pool(ctx: Context<CloseRewardPool>) -> Result<()> {
    let accounts = &*ctx.accounts;
    accounts.validate()?;
    let id = accounts.pool.id.to_le_bytes();
    let seeds = pool_seeds(&accounts.pool, &id);
    let signer_seeds: &[&[&[u8]]] = &[&seeds];
    close_account(CpiContext::new_with_signer(
        accounts.token_program.key(),
        CloseAccount {
            account: accounts.vault.to_account_info(),
            destination: accounts.rent_payer.to_account_info(),
            authority: accounts.pool.to_account_info(),
        },
        signer_seeds,
    ))?;
    emit_cpi!(RewardPoolClosed {
        pool: ctx.accounts.pool.key(),
        rent_payer: ctx.accounts.rent_payer.key(),
    });
    Ok(())
}
