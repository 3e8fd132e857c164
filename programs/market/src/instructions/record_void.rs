use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::events::VoidRecorded;
use crate::state::Contract;

#[event_cpi]
#[derive(Accounts)]
pub struct RecordVoid<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut, has_one = vault @ MarketError::WrongVault)]
    pub contract: Box<Account<'info, Contract>>,
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
}

pub fn handle_record_void(ctx: Context<RecordVoid>, gross: u64) -> Result<()> {
    let vault_balance = ctx.accounts.vault.amount;
    let contract = &mut ctx.accounts.contract;
    contract.record_void(gross)?;
    contract.invariant(vault_balance)?;
    emit_cpi!(VoidRecorded {
        contract: contract.key(),
        gross,
        open_gross_after: contract.open_gross,
    });
    Ok(())
}
