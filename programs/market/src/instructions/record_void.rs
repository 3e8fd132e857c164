use anchor_lang::prelude::*;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::MarketError;
use crate::state::Contract;
use crate::vault::read_balance;

#[derive(Accounts)]
pub struct RecordVoid<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut, has_one = vault @ MarketError::WrongVault)]
    pub contract: AccountLoader<'info, Contract>,
    /// CHECK: the contract names it; only its balance is read.
    pub vault: UncheckedAccount<'info>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct RecordVoidArgs {
    pub gross: u64,
    pub lock: u64,
    /// The lock stands in the registry, not in the bond: a commitment of the first cut.
    pub adopts_lock: bool,
}

pub fn handle_record_void(ctx: Context<RecordVoid>, args: RecordVoidArgs) -> Result<()> {
    let vault_balance = read_balance(&ctx.accounts.vault)?;
    let mut contract = ctx.accounts.contract.load_mut()?;
    if args.adopts_lock {
        contract.adopt_lock(args.lock)?;
    }
    contract.record_void(args.gross, args.lock)?;
    contract.invariant(vault_balance)
}
