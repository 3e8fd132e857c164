use anchor_lang::prelude::*;
use market::{program::Market, Contract, RecordVoidArgs};
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::SettlementError;
use crate::events::CommitmentExpired;
use crate::market_cpi::{market_accounts, MarketCpi};
use crate::state::DeliveryCommitment;

#[event_cpi]
#[derive(Accounts)]
pub struct ExpireCommitment<'info> {
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

market_accounts!(ExpireCommitment);

pub fn handle_expire_commitment(ctx: Context<ExpireCommitment>) -> Result<()> {
    let accounts = &*ctx.accounts;
    let (args, event) = {
        let mut commitment = accounts.commitment.load_mut()?;
        commitment.expire(Clock::get()?.unix_timestamp)?;
        let args = RecordVoidArgs {
            gross: commitment.gross,
            lock: commitment.lock,
            adopts_lock: commitment.is_first_cut(),
        };
        let event = CommitmentExpired {
            commitment: accounts.commitment.key(),
            contract: commitment.contract,
            epoch: commitment.epoch,
            kind: commitment.kind,
            gross: commitment.gross,
            unlocked: commitment.lock,
        };
        (args, event)
    };
    MarketCpi::of(accounts).record_void(args)?;
    emit_cpi!(event);
    Ok(())
}
