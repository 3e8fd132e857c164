use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::events::{ContractUnderfunded, SettlementRecorded};
use crate::state::{Contract, ContractState, RecordSettlementArgs, SettlementOutcome};

#[event_cpi]
#[derive(Accounts)]
pub struct RecordSettlement<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut, has_one = vault @ MarketError::WrongVault)]
    pub contract: Box<Account<'info, Contract>>,
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
}

pub fn handle_record_settlement(
    ctx: Context<RecordSettlement>,
    args: RecordSettlementArgs,
) -> Result<SettlementOutcome> {
    let now = Clock::get()?.unix_timestamp;
    let vault_balance = ctx.accounts.vault.amount;
    let contract = &mut ctx.accounts.contract;
    let outcome = contract.record_settlement(&args, vault_balance)?;
    let state_before = contract.update_funding(vault_balance, now)?;
    contract.invariant(vault_balance)?;
    emit_cpi!(SettlementRecorded {
        contract: contract.key(),
        commitment: args.commitment,
        gross: args.gross,
        top_up: outcome.top_up,
        penalty: outcome.penalty,
        net: outcome.net,
        open_gross_after: contract.open_gross,
        owed_total_after: contract.owed_total()?,
        history_size: outcome.history_size,
    });
    if state_before != contract.state && contract.state == ContractState::Underfunded {
        emit_cpi!(ContractUnderfunded {
            contract: contract.key(),
            vault_balance,
            owed_total: contract.owed_total()?,
            reserve: contract.reserve(now)?,
        });
    }
    Ok(outcome)
}
