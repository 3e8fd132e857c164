use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use market::{program::Market, Contract};
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::SettlementError;
use crate::events::PayoutWithdrawn;
use crate::market_cpi::with_authority;

#[event_cpi]
#[derive(Accounts)]
#[instruction(index: u8)]
pub struct WithdrawPayout<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        mut,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: compared with the payee of this index; only its token account is used.
    #[account(
        constraint = contract.payee(index).is_ok() @ SettlementError::PayeeIndexInvalid,
        constraint = contract.payee(index).is_ok_and(|key| key == payee.key())
            @ SettlementError::WrongPayee
    )]
    pub payee: UncheckedAccount<'info>,
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = payee,
        associated_token::token_program = token_program
    )]
    pub payee_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
    /// CHECK: the market's event address, compared with the constant.
    #[account(address = market::EVENT_AUTHORITY_AND_BUMP.0)]
    pub market_event_authority: UncheckedAccount<'info>,
}

impl WithdrawPayout<'_> {
    /// The market zeroes the debt before it moves the tokens.
    fn release(&self, index: u8) -> Result<u64> {
        let accounts = market::cpi::accounts::ReleasePayout {
            settlement_authority: self.settlement_authority.to_account_info(),
            contract: self.contract.to_account_info(),
            mint: self.mint.to_account_info(),
            vault: self.vault.to_account_info(),
            payee: self.payee.to_account_info(),
            payee_token_account: self.payee_token_account.to_account_info(),
            token_program: self.token_program.to_account_info(),
            event_authority: self.market_event_authority.to_account_info(),
            program: self.market_program.to_account_info(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            Ok(market::cpi::release_payout(context, index)?.get())
        })
    }
}

pub fn handle_withdraw_payout(ctx: Context<WithdrawPayout>, index: u8) -> Result<()> {
    let amount = ctx.accounts.release(index)?;
    emit_cpi!(PayoutWithdrawn {
        contract: ctx.accounts.contract.key(),
        index,
        payee: ctx.accounts.payee.key(),
        mint: ctx.accounts.mint.key(),
        amount,
    });
    Ok(())
}
