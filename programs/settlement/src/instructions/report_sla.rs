use anchor_lang::prelude::*;
use market::Contract;
use registry::{Participant, HOT_SCOPE_PROVE};

use crate::constants::{MAX_REPORTS, REPORT_SEED, REPORT_VERSION};
use crate::error::SettlementError;
use crate::events::SlaReported;
use crate::state::{DeliveryCommitment, SlaReport, SlaSummary};

#[event_cpi]
#[derive(Accounts)]
pub struct ReportSla<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    pub auditor: Box<Account<'info, Participant>>,
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    #[account(
        init,
        payer = payer,
        space = 8 + SlaReport::INIT_SPACE,
        seeds = [REPORT_SEED, commitment.key().as_ref(), auditor.key().as_ref()],
        bump
    )]
    pub report: Box<Account<'info, SlaReport>>,
    pub system_program: Program<'info, System>,
}

impl ReportSla<'_> {
    fn validate(&self, summary: &SlaSummary, now: i64) -> Result<()> {
        let auditor = &self.auditor;
        require!(
            auditor.check_counts_as_auditor().is_ok(),
            SettlementError::NotAuditor
        );
        require!(
            auditor.authorizes(self.authority.key, HOT_SCOPE_PROVE, now),
            SettlementError::NotAuthorized
        );
        summary
            .to_core()
            .check()
            .map_err(|_| SettlementError::SummaryInvalid)?;
        let (commitment, contract) = (self.commitment.load()?, self.contract.load()?);
        require!(
            commitment.is_open(),
            SettlementError::CommitmentStateInvalid
        );
        let ends_at = commitment
            .committed_at
            .saturating_add(i64::from(contract.challenge_window_secs));
        require!(now < ends_at, SettlementError::ReportWindowClosed);
        require!(
            commitment.report_count < MAX_REPORTS,
            SettlementError::TooManyReports
        );
        Ok(())
    }
}

pub fn handle_report_sla(
    ctx: Context<ReportSla>,
    summary: SlaSummary,
    evidence_root: [u8; 32],
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.validate(&summary, now)?;
    {
        let mut commitment = accounts.commitment.load_mut()?;
        commitment.report_count = commitment.report_count.saturating_add(1);
    }
    let report = &mut accounts.report;
    report.version = REPORT_VERSION;
    report.bump = ctx.bumps.report;
    report.commitment = accounts.commitment.key();
    report.auditor = accounts.auditor.key();
    report.summary = summary;
    report.evidence_root = evidence_root;
    report.reported_at = now;
    report.rent_payer = accounts.payer.key();
    let report = &ctx.accounts.report;
    emit_cpi!(SlaReported {
        report: report.key(),
        commitment: report.commitment,
        auditor: report.auditor,
        summary,
        evidence_root,
    });
    Ok(())
}
