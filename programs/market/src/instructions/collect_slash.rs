use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{program::Registry, Participant, MARKET_AUTHORITY_AND_BUMP};

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::SlashCollected;
use crate::slash::{slash_accounts, slash_stake};
use crate::state::Contract;

#[event_cpi]
#[derive(Accounts)]
pub struct CollectSlash<'info> {
    #[account(mut)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = seller @ MarketError::NotContractSeller,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: the registry proves it by its seeds.
    pub stake_authority: UncheckedAccount<'info>,
    /// CHECK: the registry proves it by its seeds.
    #[account(mut)]
    pub stake_vault: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0)]
    pub market_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
}

slash_accounts!(CollectSlash);

pub fn handle_collect_slash(ctx: Context<CollectSlash>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let amount = accounts.contract.take_slash_pending()?;
    slash_stake(accounts.slash_accounts(), amount)?;
    accounts.vault.reload()?;
    accounts.contract.invariant(accounts.vault.amount)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(SlashCollected {
        contract: accounts.contract.key(),
        seller: accounts.seller.key(),
        amount,
        vault_balance_after: accounts.vault.amount,
    });
    Ok(())
}
