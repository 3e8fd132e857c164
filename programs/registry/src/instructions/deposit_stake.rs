use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::{PARTICIPANT_SEED, STAKE_VAULT_SEED};
use crate::error::RegistryError;
use crate::events::StakeDeposited;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct DepositStake<'info> {
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
    #[account(
        mut,
        token::mint = stake_mint,
        token::authority = owner,
        token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        mut,
        seeds = [STAKE_VAULT_SEED, stake_mint.key().as_ref()],
        bump,
        token::mint = stake_mint,
        token::token_program = token_program
    )]
    pub stake_vault: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl<'info> DepositStake<'info> {
    /// Moves the tokens and returns what has really arrived.
    fn receive(&mut self, amount: u64) -> Result<u64> {
        let before = self.stake_vault.amount;
        let accounts = TransferChecked {
            from: self.owner_token_account.to_account_info(),
            mint: self.stake_mint.to_account_info(),
            to: self.stake_vault.to_account_info(),
            authority: self.owner.to_account_info(),
        };
        let context = CpiContext::new(self.token_program.key(), accounts);
        transfer_checked(context, amount, self.stake_mint.decimals)?;
        self.stake_vault.reload()?;
        let received = self.stake_vault.amount.checked_sub(before);
        received.ok_or_else(|| RegistryError::CounterOutOfRange.into())
    }
}

pub fn handle_deposit_stake(ctx: Context<DepositStake>, amount: u64) -> Result<()> {
    require!(amount > 0, RegistryError::AmountZero);
    let received = ctx.accounts.receive(amount)?;
    let participant = &mut ctx.accounts.participant;
    let stake_free_before = participant.stake_free;
    participant.credit_stake(received)?;
    participant.invariant()?;
    emit_cpi!(StakeDeposited {
        participant: participant.key(),
        mint: participant.stake_mint,
        amount: received,
        stake_free_before,
        stake_free_after: participant.stake_free,
    });
    Ok(())
}
