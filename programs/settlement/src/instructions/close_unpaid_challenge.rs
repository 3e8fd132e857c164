use anchor_lang::prelude::*;

use crate::error::SettlementError;
use crate::events::ChallengeClosed;
use crate::state::{DeliveryCommitment, LeafChallenge};

/// Neither contract nor vault: a challenge that pays nothing may outlive both.
#[event_cpi]
#[derive(Accounts)]
pub struct CloseUnpaidChallenge<'info> {
    #[account(
        mut,
        close = rent_payer,
        has_one = rent_payer @ SettlementError::WrongRentPayer
    )]
    pub challenge: Box<Account<'info, LeafChallenge>>,
    /// Needed while the challenge is undecided: the end of the commitment overtakes it.
    #[account(
        mut,
        constraint = commitment.key() == challenge.commitment @ SettlementError::WrongCommitment
    )]
    pub commitment: Option<AccountLoader<'info, DeliveryCommitment>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

pub fn handle_close_unpaid_challenge(ctx: Context<CloseUnpaidChallenge>) -> Result<()> {
    let accounts = &*ctx.accounts;
    let challenge = &accounts.challenge;
    require!(challenge.payout == 0, SettlementError::ChallengePays);
    challenge.end(accounts.commitment.as_ref())?;
    emit_cpi!(ChallengeClosed {
        challenge: challenge.key(),
        commitment: challenge.commitment,
        state: challenge.state,
        beneficiary: challenge.beneficiary,
        payout: challenge.payout,
    });
    Ok(())
}
