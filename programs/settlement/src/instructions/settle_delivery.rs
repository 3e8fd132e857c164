use anchor_lang::prelude::*;
use market::{program::Market, Contract, RecordSettlementArgs, SettlementOutcome};
use protocol_core::{compute_penalty_basis_points, is_severe};
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::SettlementError;
use crate::events::DeliverySettled;
use crate::market_cpi::{market_accounts, MarketCpi};
use crate::state::DeliveryCommitment;

#[derive(Accounts)]
pub struct SettleDelivery<'info> {
    #[account(mut, has_one = vault @ SettlementError::WrongVault)]
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    /// CHECK: the contract names it; the market reads its balance.
    pub vault: UncheckedAccount<'info>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
}

market_accounts!(SettleDelivery);

impl SettleDelivery<'_> {
    /// The penalty follows from the contract's terms and the figures that were agreed or reported.
    fn settlement_args(&self, commitment: &DeliveryCommitment) -> Result<RecordSettlementArgs> {
        let sla = self.contract.load()?.sla.to_core();
        let penalty_basis_points =
            compute_penalty_basis_points(&sla, &commitment.sla_summary.to_core())
                .map_err(|_| SettlementError::SummaryInvalid)?;
        let is_severe = is_severe(&sla, penalty_basis_points);
        Ok(RecordSettlementArgs {
            commitment: self.commitment.key(),
            epoch: commitment.epoch,
            kind: commitment.kind,
            root: commitment.root,
            total_bytes: commitment.total_bytes,
            gross: commitment.gross,
            lock: commitment.lock,
            adopts_lock: commitment.is_first_cut(),
            penalty_basis_points,
            is_severe,
            top_up_eligible: commitment.may_be_topped_up() && !is_severe,
        })
    }

    fn emit(
        &self,
        commitment: &DeliveryCommitment,
        penalty_basis_points: u16,
        outcome: SettlementOutcome,
    ) -> Result<()> {
        emit!(DeliverySettled {
            commitment: self.commitment.key(),
            contract: commitment.contract,
            epoch: commitment.epoch,
            kind: commitment.kind,
            total_bytes: commitment.total_bytes,
            gross: commitment.gross,
            top_up: outcome.top_up,
            penalty_basis_points,
            penalty: outcome.penalty,
            net: outcome.net,
            fee_basis_points: self.contract.load()?.fee_basis_points,
            fee: outcome.fee,
            payouts: outcome.payouts,
            treasury: outcome.treasury,
            unlocked: commitment.lock.saturating_sub(outcome.slashed),
            slashed: outcome.slashed,
            history_size: outcome.history_size,
        });
        Ok(())
    }
}

pub fn handle_settle_delivery(ctx: Context<SettleDelivery>) -> Result<()> {
    let accounts = &*ctx.accounts;
    let args = {
        let mut commitment = accounts.commitment.load_mut()?;
        commitment.settle(Clock::get()?.unix_timestamp, &*accounts.contract.load()?)?;
        accounts.settlement_args(&commitment)?
    };
    let penalty_basis_points = args.penalty_basis_points;
    let outcome = MarketCpi::of(accounts).record_settlement(args)?;
    let commitment = accounts.commitment.load()?;
    accounts.emit(&commitment, penalty_basis_points, outcome)
}
