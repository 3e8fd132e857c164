use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::{PARTICIPANT_SEED, STAKE_AUTHORITY_SEED, STAKE_VAULT_SEED};
use crate::error::RegistryError;
use crate::events::StakeWithdrawn;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawUnbonded<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner,
        has_one = stake_mint @ RegistryError::WrongStakeMint
    )]
    pub participant: Box<Account<'info, Participant>>,
    pub stake_mint: Box<InterfaceAccount<'info, Mint>>,
    /// CHECK: an address without data, proved by its seeds; it only signs transfers out of vaults.
    #[account(seeds = [STAKE_AUTHORITY_SEED], bump)]
    pub stake_authority: UncheckedAccount<'info>,
    #[account(
        mut,
        seeds = [STAKE_VAULT_SEED, stake_mint.key().as_ref()],
        bump,
        token::mint = stake_mint,
        token::authority = stake_authority,
        token::token_program = token_program
    )]
    pub stake_vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        mut,
        token::mint = stake_mint,
        token::authority = owner,
        token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_withdraw_unbonded(ctx: Context<WithdrawUnbonded>, slot: u8) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let participant = &mut ctx.accounts.participant;
    let amount = participant.withdraw_unbonded(slot, now)?;
    participant.invariant()?;
    let seeds: &[&[u8]] = &[STAKE_AUTHORITY_SEED, &[ctx.bumps.stake_authority]];
    let signer_seeds = &[seeds];
    let context = CpiContext::new_with_signer(
        ctx.accounts.token_program.key(),
        TransferChecked {
            from: ctx.accounts.stake_vault.to_account_info(),
            mint: ctx.accounts.stake_mint.to_account_info(),
            to: ctx.accounts.owner_token_account.to_account_info(),
            authority: ctx.accounts.stake_authority.to_account_info(),
        },
        signer_seeds,
    );
    transfer_checked(context, amount, ctx.accounts.stake_mint.decimals)?;
    emit_cpi!(StakeWithdrawn {
        participant: ctx.accounts.participant.key(),
        slot,
        mint: ctx.accounts.stake_mint.key(),
        amount,
    });
    Ok(())
}
