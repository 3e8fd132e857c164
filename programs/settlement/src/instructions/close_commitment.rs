use anchor_lang::prelude::*;

use crate::error::SettlementError;
use crate::events::CommitmentClosed;
use crate::state::DeliveryCommitment;

#[event_cpi]
#[derive(Accounts)]
pub struct CloseCommitment<'info> {
    #[account(mut, close = rent_payer, has_one = rent_payer @ SettlementError::WrongRentPayer)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

pub fn handle_close_commitment(ctx: Context<CloseCommitment>) -> Result<()> {
    let event = {
        let commitment = ctx.accounts.commitment.load()?;
        commitment.validate_close(Clock::get()?.unix_timestamp)?;
        CommitmentClosed {
            commitment: ctx.accounts.commitment.key(),
            contract: commitment.contract,
            rent_payer: commitment.rent_payer,
        }
    };
    emit_cpi!(event);
    Ok(())
}
