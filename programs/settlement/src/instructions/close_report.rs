use anchor_lang::prelude::*;

use crate::error::SettlementError;
use crate::events::SlaReportClosed;
use crate::state::{DeliveryCommitment, SlaReport};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseReport<'info> {
    #[account(
        mut,
        close = rent_payer,
        has_one = commitment @ SettlementError::WrongReport,
        has_one = rent_payer @ SettlementError::WrongRentPayer
    )]
    pub report: Box<Account<'info, SlaReport>>,
    /// CHECK: the report names it. Once it is closed it cannot come again, and nothing needs the report.
    pub commitment: UncheckedAccount<'info>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

impl CloseReport<'_> {
    fn validate(&self) -> Result<()> {
        if self.commitment.owner != &crate::ID {
            return Ok(());
        }
        let data = self.commitment.try_borrow_data()?;
        let commitment = DeliveryCommitment::try_deserialize(&mut data.as_ref())?;
        require!(
            commitment.is_terminal(),
            SettlementError::CommitmentStateInvalid
        );
        Ok(())
    }
}

pub fn handle_close_report(ctx: Context<CloseReport>) -> Result<()> {
    ctx.accounts.validate()?;
    emit_cpi!(SlaReportClosed {
        report: ctx.accounts.report.key(),
        commitment: ctx.accounts.commitment.key(),
    });
    Ok(())
}
