use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};

use crate::constants::{CONFIG_SEED, STAKE_AUTHORITY_SEED, STAKE_VAULT_SEED};
use crate::error::RegistryError;
use crate::events::StakeVaultCreated;
use crate::state::Config;

#[event_cpi]
#[derive(Accounts)]
pub struct CreateStakeVault<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        seeds = [CONFIG_SEED],
        bump = config.bump,
        constraint = config.allows_mint(&mint.key()) @ RegistryError::MintNotAllowed
    )]
    pub config: Box<Account<'info, Config>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    /// CHECK: an address without data, proved by its seeds; it only signs transfers out of vaults.
    #[account(seeds = [STAKE_AUTHORITY_SEED], bump)]
    pub stake_authority: UncheckedAccount<'info>,
    #[account(
        init,
        payer = payer,
        seeds = [STAKE_VAULT_SEED, mint.key().as_ref()],
        bump,
        token::mint = mint,
        token::authority = stake_authority,
        token::token_program = token_program
    )]
    pub stake_vault: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_stake_vault(ctx: Context<CreateStakeVault>) -> Result<()> {
    emit_cpi!(StakeVaultCreated {
        mint: ctx.accounts.mint.key(),
        stake_vault: ctx.accounts.stake_vault.key(),
    });
    Ok(())
}
