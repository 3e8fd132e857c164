use anchor_lang::prelude::*;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::state::{Contract, RecordSettlementArgs, SettlementOutcome};
use crate::vault::read_balance;

#[derive(Accounts)]
pub struct RecordSettlement<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut, has_one = vault @ MarketError::WrongVault)]
    pub contract: AccountLoader<'info, Contract>,
    /// CHECK: the contract names it; only its balance is read.
    pub vault: UncheckedAccount<'info>,
}

pub fn handle_record_settlement(
    ctx: Context<RecordSettlement>,
    args: RecordSettlementArgs,
) -> Result<SettlementOutcome> {
    let vault_balance = read_balance(&ctx.accounts.vault)?;
    let mut contract = ctx.accounts.contract.load_mut()?;
    let outcome = contract.record_settlement(&args, vault_balance)?;
    contract.update_funding(vault_balance, Clock::get()?.unix_timestamp)?;
    contract.invariant(vault_balance)?;
    Ok(outcome)
}
