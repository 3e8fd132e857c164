use anchor_lang::prelude::*;
use anchor_spl::token_interface::{close_account, CloseAccount, TokenAccount, TokenInterface};

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::ContractClosed;
use crate::state::Contract;
use crate::vault::contract_seeds;

#[event_cpi]
#[derive(Accounts)]
pub struct CloseContract<'info> {
    #[account(
        mut,
        close = rent_payer,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = vault @ MarketError::WrongVault,
        has_one = rent_payer @ MarketError::WrongRentPayer
    )]
    pub contract: Box<Account<'info, Contract>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl CloseContract<'_> {
    fn validate(&self) -> Result<()> {
        require!(
            self.contract.is_terminal(),
            MarketError::ContractStateInvalid
        );
        require!(self.contract.owed_total()? == 0, MarketError::AmountsOwed);
        require!(self.vault.amount == 0, MarketError::VaultNotEmpty);
        require!(self.contract.bond_total == 0, MarketError::BondNotReleased);
        require!(self.contract.slash_pending == 0, MarketError::SlashPending);
        Ok(())
    }
}

pub fn handle_close_contract(ctx: Context<CloseContract>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate()?;
    let nonce = accounts.contract.nonce.to_le_bytes();
    let seeds = contract_seeds(&accounts.contract, &nonce);
    let signer_seeds: &[&[&[u8]]] = &[&seeds];
    close_account(CpiContext::new_with_signer(
        accounts.token_program.key(),
        CloseAccount {
            account: accounts.vault.to_account_info(),
            destination: accounts.rent_payer.to_account_info(),
            authority: accounts.contract.to_account_info(),
        },
        signer_seeds,
    ))?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ContractClosed {
        contract: accounts.contract.key(),
        rent_payer: accounts.rent_payer.key(),
    });
    Ok(())
}
