use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::events::{CommitmentRecorded, ContractUnderfunded};
use crate::state::{Contract, ContractState};

#[event_cpi]
#[derive(Accounts)]
pub struct RecordCommitment<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut, has_one = vault @ MarketError::WrongVault)]
    pub contract: Box<Account<'info, Contract>>,
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
}

pub fn handle_record_commitment(
    ctx: Context<RecordCommitment>,
    kind: u8,
    bytes: u64,
) -> Result<u64> {
    let now = Clock::get()?.unix_timestamp;
    let vault_balance = ctx.accounts.vault.amount;
    let contract = &mut ctx.accounts.contract;
    let gross = contract.record_commitment(kind, bytes, vault_balance)?;
    let state_before = contract.update_funding(vault_balance, now)?;
    contract.invariant(vault_balance)?;
    emit_cpi!(CommitmentRecorded {
        contract: contract.key(),
        kind,
        bytes,
        gross,
        open_gross_after: contract.open_gross,
        vault_balance,
    });
    if state_before != contract.state && contract.state == ContractState::Underfunded {
        emit_cpi!(ContractUnderfunded {
            contract: contract.key(),
            vault_balance,
            owed_total: contract.owed_total()?,
            reserve: contract.reserve(now)?,
        });
    }
    Ok(gross)
}
