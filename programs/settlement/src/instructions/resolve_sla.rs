use anchor_lang::prelude::*;
use market::Contract;
use protocol_core::compute_sla_median;

use crate::error::SettlementError;
use crate::events::SlaResolved;
use crate::state::{DeliveryCommitment, SlaReport, SlaSource, SlaSummary};

/// Remaining accounts: every report on the commitment, in ascending order of address.
#[event_cpi]
#[derive(Accounts)]
pub struct ResolveSla<'info> {
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
}

impl ResolveSla<'_> {
    fn validate(&self, now: i64) -> Result<()> {
        let (commitment, contract) = (self.commitment.load()?, self.contract.load()?);
        // What the content provider has accepted stands.
        require!(
            commitment.is_open(),
            SettlementError::CommitmentStateInvalid
        );
        let ends_at = commitment
            .committed_at
            .saturating_add(i64::from(contract.challenge_window_secs));
        require!(now >= ends_at, SettlementError::ChallengeWindowOpen);
        Ok(())
    }

    /// Nobody chooses which reports count: all of them are needed, each once.
    fn read_reports<'info>(
        &self,
        accounts: &'info [AccountInfo<'info>],
    ) -> Result<Vec<protocol_core::SlaSummary>> {
        let expected = usize::from(self.commitment.load()?.report_count);
        require!(
            accounts.len() == expected && accounts.is_sorted_by(|a, b| a.key < b.key),
            SettlementError::ReportsIncomplete
        );
        let mut summaries = Vec::with_capacity(expected);
        for info in accounts {
            let report = Box::new(Account::<SlaReport>::try_from(info)?);
            require_keys_eq!(
                report.commitment,
                self.commitment.key(),
                SettlementError::WrongReport
            );
            summaries.push(report.summary.to_core());
        }
        Ok(summaries)
    }
}

pub fn handle_resolve_sla<'info>(ctx: Context<'info, ResolveSla<'info>>) -> Result<()> {
    let accounts = &*ctx.accounts;
    accounts.validate(Clock::get()?.unix_timestamp)?;
    let reports = accounts.read_reports(ctx.remaining_accounts)?;
    let quorum = accounts.contract.load()?.sla.quorum;
    let median = compute_sla_median(&reports, quorum)
        .map_err(|_| SettlementError::SummaryInvalid)?
        .ok_or(SettlementError::QuorumMissing)?;
    let summary = SlaSummary::of_core(&median);
    {
        let mut commitment = accounts.commitment.load_mut()?;
        commitment.sla_summary = summary;
        commitment.sla_source = SlaSource::Reports;
    }
    emit_cpi!(SlaResolved {
        commitment: accounts.commitment.key(),
        reports: u8::try_from(reports.len()).unwrap_or(u8::MAX),
        summary,
    });
    Ok(())
}
