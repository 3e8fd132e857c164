use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use market::{program::Market, Contract, RecordSettlementArgs};
use protocol_core::{compute_penalty_basis_points, is_severe};
use registry::{program::Registry, Participant, SETTLEMENT_AUTHORITY_AND_BUMP};

use crate::constants::{COMMITMENT_SEED, KIND_RECEIPTED};
use crate::error::SettlementError;
use crate::events::DeliverySettled;
use crate::program_calls::program_calls;
use crate::state::DeliveryCommitment;

#[event_cpi]
#[derive(Accounts)]
pub struct SettleDelivery<'info> {
    #[account(mut)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        has_one = seller @ SettlementError::NotContractSeller,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    #[account(
        mut,
        seeds = [
            COMMITMENT_SEED,
            commitment.contract.as_ref(),
            &commitment.epoch.to_le_bytes(),
            &[commitment.kind]
        ],
        bump = commitment.bump,
        has_one = contract @ SettlementError::WrongContract
    )]
    pub commitment: Box<Account<'info, DeliveryCommitment>>,
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
    /// CHECK: the market's event address, compared with the constant.
    #[account(address = market::EVENT_AUTHORITY_AND_BUMP.0)]
    pub market_event_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
}

impl SettleDelivery<'_> {
    /// The penalty follows from the contract's terms and the figures that were co-signed.
    fn settlement_args(&self) -> Result<RecordSettlementArgs> {
        let (sla, commitment) = (self.contract.sla.to_core(), &self.commitment);
        let penalty_basis_points =
            compute_penalty_basis_points(&sla, &commitment.sla_summary.to_core())
                .map_err(|_| SettlementError::SummaryInvalid)?;
        Ok(RecordSettlementArgs {
            commitment: commitment.key(),
            epoch: commitment.epoch,
            kind: commitment.kind,
            root: commitment.root,
            total_bytes: commitment.total_bytes,
            gross: commitment.gross,
            penalty_basis_points,
            // Only a co-signed delivery settles here, so the figures are not the seller's word alone.
            top_up_eligible: commitment.kind == KIND_RECEIPTED
                && !is_severe(&sla, penalty_basis_points),
        })
    }
}

pub fn handle_settle_delivery(ctx: Context<SettleDelivery>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.commitment.settle()?;
    accounts.commitment.invariant()?;
    let args = accounts.settlement_args()?;
    let penalty_basis_points = args.penalty_basis_points;
    let calls = program_calls!(accounts);
    let outcome = calls.record_settlement(
        accounts.contract.to_account_info(),
        accounts.vault.to_account_info(),
        args,
    )?;
    calls.unlock_stake(accounts.seller.to_account_info(), accounts.commitment.lock)?;
    let accounts = &*ctx.accounts;
    let commitment = &accounts.commitment;
    emit_cpi!(DeliverySettled {
        commitment: commitment.key(),
        contract: commitment.contract,
        epoch: commitment.epoch,
        kind: commitment.kind,
        total_bytes: commitment.total_bytes,
        gross: commitment.gross,
        top_up: outcome.top_up,
        penalty_basis_points,
        penalty: outcome.penalty,
        net: outcome.net,
        fee_basis_points: accounts.contract.fee_basis_points,
        fee: outcome.fee,
        payouts: outcome.payouts,
        treasury: outcome.treasury,
        unlocked: commitment.lock,
        history_size: outcome.history_size,
    });
    Ok(())
}
