use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use market::{program::Market, Contract};
use registry::{program::Registry, Participant, SETTLEMENT_AUTHORITY_AND_BUMP};

use crate::constants::COMMITMENT_SEED;
use crate::error::SettlementError;
use crate::events::CommitmentExpired;
use crate::program_calls::program_calls;
use crate::state::DeliveryCommitment;

#[event_cpi]
#[derive(Accounts)]
pub struct ExpireCommitment<'info> {
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

pub fn handle_expire_commitment(ctx: Context<ExpireCommitment>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.commitment.expire(now)?;
    accounts.commitment.invariant()?;
    let calls = program_calls!(accounts);
    calls.record_void(
        accounts.contract.to_account_info(),
        accounts.vault.to_account_info(),
        accounts.commitment.gross,
    )?;
    calls.unlock_stake(accounts.seller.to_account_info(), accounts.commitment.lock)?;
    let commitment = &ctx.accounts.commitment;
    emit_cpi!(CommitmentExpired {
        commitment: commitment.key(),
        contract: commitment.contract,
        epoch: commitment.epoch,
        kind: commitment.kind,
        gross: commitment.gross,
        unlocked: commitment.lock,
    });
    Ok(())
}
