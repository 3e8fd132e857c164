use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use market::{program::Market, Contract};
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::SettlementError;
use crate::events::ChallengeClosed;
use crate::market_cpi::with_authority;
use crate::state::{DeliveryCommitment, LeafChallenge};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseChallenge<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        mut,
        close = rent_payer,
        has_one = contract @ SettlementError::WrongContract,
        has_one = rent_payer @ SettlementError::WrongRentPayer,
        has_one = beneficiary @ SettlementError::WrongBeneficiary
    )]
    pub challenge: Box<Account<'info, LeafChallenge>>,
    /// Needed while the challenge is undecided: the end of the commitment overtakes it.
    #[account(
        mut,
        constraint = commitment.key() == challenge.commitment @ SettlementError::WrongCommitment
    )]
    pub commitment: Option<AccountLoader<'info, DeliveryCommitment>>,
    #[account(
        mut,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub contract: AccountLoader<'info, Contract>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    /// CHECK: compared with the challenge's beneficiary; only its token account is used.
    pub beneficiary: UncheckedAccount<'info>,
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = beneficiary,
        associated_token::token_program = token_program
    )]
    pub beneficiary_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
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

impl CloseChallenge<'_> {
    fn pay(&self, amount: u64) -> Result<()> {
        let accounts = market::cpi::accounts::PayHeld {
            settlement_authority: self.settlement_authority.to_account_info(),
            contract: self.contract.to_account_info(),
            mint: self.mint.to_account_info(),
            vault: self.vault.to_account_info(),
            recipient: self.beneficiary_token_account.to_account_info(),
            token_program: self.token_program.to_account_info(),
            event_authority: self.market_event_authority.to_account_info(),
            program: self.market_program.to_account_info(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            market::cpi::pay_held(context, amount)
        })
    }
}

pub fn handle_close_challenge(ctx: Context<CloseChallenge>) -> Result<()> {
    let accounts = &*ctx.accounts;
    let challenge = &accounts.challenge;
    challenge.end(accounts.commitment.as_ref())?;
    if challenge.payout > 0 {
        accounts.pay(challenge.payout)?;
    }
    emit_cpi!(ChallengeClosed {
        challenge: challenge.key(),
        commitment: challenge.commitment,
        state: challenge.state,
        beneficiary: challenge.beneficiary,
        payout: challenge.payout,
    });
    Ok(())
}
