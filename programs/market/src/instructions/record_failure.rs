use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use protocol_core::compute_slash_split;
use registry::{
    program::Registry, Participant, MARKET_AUTHORITY_AND_BUMP, SETTLEMENT_AUTHORITY_AND_BUMP,
};

use crate::error::MarketError;
use crate::events::FailureRecorded;
use crate::slash::{slash_accounts, slash_stake};
use crate::state::Contract;

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct RecordFailureArgs {
    pub gross: u64,
    pub lock: u64,
    /// Of the lock, base units.
    pub slashed: u64,
    /// A challenger brought it to light and gets a share.
    pub has_challenger: bool,
    /// The lock stands in the registry, not in the bond: a commitment of the first cut.
    pub adopts_lock: bool,
}

#[event_cpi]
#[derive(Accounts)]
pub struct RecordFailure<'info> {
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0 @ MarketError::NotSettlement)]
    pub settlement_authority: Signer<'info>,
    #[account(mut)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        has_one = seller @ MarketError::NotContractSeller,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: the registry proves it by its seeds.
    pub stake_authority: UncheckedAccount<'info>,
    /// CHECK: the registry proves it by its seeds.
    #[account(mut)]
    pub stake_vault: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0)]
    pub market_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
}

slash_accounts!(RecordFailure);

/// Returns the challenger's share, which the vault holds for it.
pub fn handle_record_failure(ctx: Context<RecordFailure>, args: RecordFailureArgs) -> Result<u64> {
    let accounts = &mut *ctx.accounts;
    let split = compute_slash_split(args.slashed, args.has_challenger)
        .map_err(|_| MarketError::AmountOverflow)?;
    if args.adopts_lock {
        accounts.contract.adopt_lock(args.lock)?;
    }
    accounts
        .contract
        .record_failure(args.gross, args.lock, args.slashed)?;
    if args.slashed > 0 {
        slash_stake(accounts.slash_accounts(), args.slashed)?;
        accounts.vault.reload()?;
    }
    accounts
        .contract
        .credit_slash(split.challenger, split.treasury)?;
    accounts.contract.invariant(accounts.vault.amount)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(FailureRecorded {
        contract: accounts.contract.key(),
        gross: args.gross,
        slashed: args.slashed,
        content_provider: split.content_provider,
        challenger: split.challenger,
        treasury: split.treasury,
    });
    Ok(split.challenger)
}
