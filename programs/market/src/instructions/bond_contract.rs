use anchor_lang::prelude::*;
use registry::{program::Registry, Participant, MARKET_AUTHORITY_AND_BUMP};

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::ContractBonded;
use crate::registry_cpi::registry_accounts;
use crate::state::Contract;

#[event_cpi]
#[derive(Accounts)]
pub struct BondContract<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ MarketError::NotOwner)]
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
        has_one = seller @ MarketError::NotContractSeller
    )]
    pub contract: Box<Account<'info, Contract>>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0)]
    pub market_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
}

registry_accounts!(BondContract);

pub fn handle_bond_contract(ctx: Context<BondContract>, amount: u64) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    require_keys_eq!(
        accounts.seller.stake_mint,
        accounts.contract.mint,
        MarketError::WrongMint
    );
    accounts.contract.bond(amount)?;
    accounts
        .registry_cpi()
        .lock_stake(accounts.seller.to_account_info(), amount)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ContractBonded {
        contract: accounts.contract.key(),
        seller: accounts.seller.key(),
        amount,
        bond_total_after: accounts.contract.bond_total,
        bond_free_after: accounts.contract.bond_free,
    });
    Ok(())
}
