use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::{BEACON_SEED, STAKE_AUTHORITY_SEED, STAKE_VAULT_SEED};
use crate::error::RegistryError;
use crate::events::BeaconBondWithdrawn;
use crate::state::Beacon;

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawBeaconBond<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    #[account(
        mut,
        close = owner,
        seeds = [BEACON_SEED, beacon.beacon_key.as_ref()],
        bump = beacon.bump,
        has_one = owner @ RegistryError::NotBeaconOwner,
        has_one = bond_mint @ RegistryError::WrongBondMint
    )]
    pub beacon: Box<Account<'info, Beacon>>,
    pub bond_mint: Box<InterfaceAccount<'info, Mint>>,
    /// CHECK: an address without data, proved by its seeds; it only signs transfers out of vaults.
    #[account(seeds = [STAKE_AUTHORITY_SEED], bump)]
    pub stake_authority: UncheckedAccount<'info>,
    #[account(
        mut,
        seeds = [STAKE_VAULT_SEED, bond_mint.key().as_ref()],
        bump,
        token::mint = bond_mint,
        token::authority = stake_authority,
        token::token_program = token_program
    )]
    pub stake_vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        mut,
        token::mint = bond_mint,
        token::authority = owner,
        token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_withdraw_beacon_bond(ctx: Context<WithdrawBeaconBond>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let beacon = &ctx.accounts.beacon;
    beacon.invariant()?;
    let amount = beacon.check_withdrawable(now)?;
    let seeds: &[&[u8]] = &[STAKE_AUTHORITY_SEED, &[ctx.bumps.stake_authority]];
    let signer_seeds = &[seeds];
    let context = CpiContext::new_with_signer(
        ctx.accounts.token_program.key(),
        TransferChecked {
            from: ctx.accounts.stake_vault.to_account_info(),
            mint: ctx.accounts.bond_mint.to_account_info(),
            to: ctx.accounts.owner_token_account.to_account_info(),
            authority: ctx.accounts.stake_authority.to_account_info(),
        },
        signer_seeds,
    );
    transfer_checked(context, amount, ctx.accounts.bond_mint.decimals)?;
    emit_cpi!(BeaconBondWithdrawn {
        beacon: ctx.accounts.beacon.key(),
        owner: ctx.accounts.owner.key(),
        mint: ctx.accounts.bond_mint.key(),
        amount,
    });
    Ok(())
}
