use anchor_lang::prelude::*;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::state::Contract;
use crate::vault::read_balance;

#[derive(Accounts)]
pub struct RecordHeld<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut, has_one = vault @ MarketError::WrongVault)]
    pub contract: AccountLoader<'info, Contract>,
    /// CHECK: the contract names it; only its balance is read.
    pub vault: UncheckedAccount<'info>,
}

/// The tokens are in the vault before: without them the invariant fails.
pub fn handle_record_held(ctx: Context<RecordHeld>, amount: u64) -> Result<()> {
    let vault_balance = read_balance(&ctx.accounts.vault)?;
    let mut contract = ctx.accounts.contract.load_mut()?;
    contract.hold(amount)?;
    contract.invariant(vault_balance)
}
