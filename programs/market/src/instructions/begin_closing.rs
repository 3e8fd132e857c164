use anchor_lang::prelude::*;
use registry::{program::Registry, Participant, MARKET_AUTHORITY_AND_BUMP};

use crate::claim_pairs::ClaimPairs;
use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::ContractClosingBegun;
use crate::offer_books::give_back_to_source;
use crate::registry_cpi::registry_accounts;
use crate::state::Contract;

/// Remaining accounts: for each of the contract's claims, in its order, the claim and its node (both writable).
#[event_cpi]
#[derive(Accounts)]
pub struct BeginClosing<'info> {
    #[account(mut)]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(mut)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = content_provider @ MarketError::NotContentProvider,
        has_one = seller @ MarketError::NotContractSeller,
        has_one = offer @ MarketError::WrongOffer
    )]
    pub contract: Box<Account<'info, Contract>>,
    /// CHECK: compared with the key that the contract names: its offer, or the bid that won a lot.
    #[account(mut)]
    pub offer: UncheckedAccount<'info>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0)]
    pub market_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
}

registry_accounts!(BeginClosing);

pub fn handle_begin_closing<'info>(ctx: Context<'info, BeginClosing<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let state_before = accounts.contract.state;
    accounts.contract.begin_closing(now)?;
    let offer_remaining_after = give_back_to_source(
        &accounts.offer,
        accounts.contract.committed_kilobits_per_second,
    )?;

    let registry = accounts.registry_cpi();
    registry.end_contract(
        accounts.content_provider.to_account_info(),
        accounts.seller.to_account_info(),
    )?;
    ClaimPairs::new(&accounts.contract, ctx.remaining_accounts)?.release(&registry)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ContractClosingBegun {
        contract: accounts.contract.key(),
        state_before,
        offer_remaining_after,
    });
    Ok(())
}
