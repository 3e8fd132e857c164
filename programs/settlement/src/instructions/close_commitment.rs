use anchor_lang::prelude::*;

use crate::constants::COMMITMENT_SEED;
use crate::error::SettlementError;
use crate::events::CommitmentClosed;
use crate::state::DeliveryCommitment;

#[event_cpi]
#[derive(Accounts)]
pub struct CloseCommitment<'info> {
    #[account(
        mut,
        close = rent_payer,
        seeds = [
            COMMITMENT_SEED,
            commitment.contract.as_ref(),
            &commitment.epoch.to_le_bytes(),
            &[commitment.kind]
        ],
        bump = commitment.bump,
        has_one = rent_payer @ SettlementError::WrongRentPayer
    )]
    pub commitment: Box<Account<'info, DeliveryCommitment>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

pub fn handle_close_commitment(ctx: Context<CloseCommitment>) -> Result<()> {
    let commitment = &ctx.accounts.commitment;
    commitment.validate_close(Clock::get()?.unix_timestamp)?;
    emit_cpi!(CommitmentClosed {
        commitment: commitment.key(),
        contract: commitment.contract,
        rent_payer: commitment.rent_payer,
    });
    Ok(())
}
