use anchor_lang::prelude::*;
use registry::{program::Registry, Participant, MARKET_AUTHORITY_AND_BUMP};

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::BondReleased;
use crate::registry_cpi::registry_accounts;
use crate::state::Contract;

#[event_cpi]
#[derive(Accounts)]
pub struct ReleaseBond<'info> {
    pub authority: Signer<'info>,
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

registry_accounts!(ReleaseBond);

impl<'info> ReleaseBond<'info> {
    /// Once the contract is over anyone may: a silent seller must not keep the account from closing.
    fn validate(&self) -> Result<()> {
        require!(
            self.contract.is_terminal() || self.authority.key() == self.seller.owner,
            MarketError::NotBondOwner
        );
        Ok(())
    }
}

pub fn handle_release_bond(ctx: Context<ReleaseBond>, amount: u64) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate()?;
    accounts.contract.release_bond(amount)?;
    accounts
        .registry_cpi()
        .unlock_stake(accounts.seller.to_account_info(), amount)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(BondReleased {
        contract: accounts.contract.key(),
        seller: accounts.seller.key(),
        amount,
        bond_total_after: accounts.contract.bond_total,
        bond_free_after: accounts.contract.bond_free,
    });
    Ok(())
}
