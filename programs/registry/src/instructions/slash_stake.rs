use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::{
    MARKET_AUTHORITY_AND_BUMP, PARTICIPANT_SEED, STAKE_AUTHORITY_SEED, STAKE_VAULT_SEED,
};
use crate::error::RegistryError;
use crate::events::StakeSlashed;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct SlashStake<'info> {
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0 @ RegistryError::NotMarket)]
    pub market_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
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
    #[account(mut, token::mint = stake_mint, token::token_program = token_program)]
    pub recipient: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl SlashStake<'_> {
    fn transfer(&self, amount: u64, bump: u8) -> Result<()> {
        let seeds: &[&[u8]] = &[STAKE_AUTHORITY_SEED, &[bump]];
        let signer_seeds = &[seeds];
        let accounts = TransferChecked {
            from: self.stake_vault.to_account_info(),
            mint: self.stake_mint.to_account_info(),
            to: self.recipient.to_account_info(),
            authority: self.stake_authority.to_account_info(),
        };
        let context = CpiContext::new_with_signer(self.token_program.key(), accounts, signer_seeds);
        transfer_checked(context, amount, self.stake_mint.decimals)
    }
}

pub fn handle_slash_stake(ctx: Context<SlashStake>, amount: u64) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    accounts.participant.slash_stake(amount, now)?;
    accounts.participant.invariant()?;
    accounts.transfer(amount, ctx.bumps.stake_authority)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(StakeSlashed {
        participant: accounts.participant.key(),
        mint: accounts.stake_mint.key(),
        amount,
        recipient: accounts.recipient.key(),
        stake_locked_after: accounts.participant.stake_locked,
        slashed_total_after: accounts.participant.slashed_total,
        status_after: accounts.participant.status,
    });
    Ok(())
}
