//! Brings slashed stake out of the registry.

use anchor_lang::prelude::*;

use crate::registry_cpi::with_authority;

pub(crate) use registry::cpi::accounts::SlashStake as SlashAccounts;

/// The slash of an instruction that brings the seller's stake into the contract's vault.
macro_rules! slash_accounts {
    ($name:ident) => {
        impl<'info> $name<'info> {
            fn slash_accounts(&self) -> $crate::slash::SlashAccounts<'info> {
                $crate::slash::SlashAccounts {
                    market_authority: self.market_authority.to_account_info(),
                    participant: self.seller.to_account_info(),
                    stake_mint: self.mint.to_account_info(),
                    stake_authority: self.stake_authority.to_account_info(),
                    stake_vault: self.stake_vault.to_account_info(),
                    recipient: self.vault.to_account_info(),
                    token_program: self.token_program.to_account_info(),
                    event_authority: self.registry_event_authority.to_account_info(),
                    program: self.registry_program.to_account_info(),
                }
            }
        }
    };
}
pub(crate) use slash_accounts;

/// Moves locked stake of a seller to where the accounts say.
pub(crate) fn slash_stake(accounts: SlashAccounts<'_>, amount: u64) -> Result<()> {
    with_authority(|seeds| {
        let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
        registry::cpi::slash_stake(context, amount)
    })
}
