use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::state::Contract;

/// Balance of a token account of either token program, read in place: both keep the amount after mint and owner.
pub(crate) fn read_balance(vault: &AccountInfo) -> Result<u64> {
    const AMOUNT_OFFSET: usize = 64;
    let data = vault.try_borrow_data()?;
    let amount = data
        .get(AMOUNT_OFFSET..)
        .and_then(|rest| rest.first_chunk::<8>())
        .ok_or(MarketError::WrongVault)?;
    Ok(u64::from_le_bytes(*amount))
}

/// Moves `amount` base units out of a contract's vault, signed with the contract's own address: no
/// signer is shared between vaults. The caller has taken the amount off its books before.
pub(crate) fn pay_from_vault<'info>(
    contract: &Account<'info, Contract>,
    vault: &InterfaceAccount<'info, TokenAccount>,
    recipient: &InterfaceAccount<'info, TokenAccount>,
    mint: &InterfaceAccount<'info, Mint>,
    token_program: &Interface<'info, TokenInterface>,
    amount: u64,
) -> Result<()> {
    let nonce = contract.nonce.to_le_bytes();
    let seeds = contract_seeds(contract, &nonce);
    let signer_seeds: &[&[&[u8]]] = &[&seeds];
    let accounts = TransferChecked {
        from: vault.to_account_info(),
        mint: mint.to_account_info(),
        to: recipient.to_account_info(),
        authority: contract.to_account_info(),
    };
    let context = CpiContext::new_with_signer(token_program.key(), accounts, signer_seeds);
    transfer_checked(context, amount, mint.decimals)
}

/// Signer seeds of a contract; `nonce` is its nonce in little-endian bytes.
pub(crate) fn contract_seeds<'a>(contract: &'a Contract, nonce: &'a [u8; 8]) -> [&'a [u8]; 5] {
    [
        CONTRACT_SEED,
        contract.content_provider.as_ref(),
        contract.seller.as_ref(),
        nonce,
        std::slice::from_ref(&contract.bump),
    ]
}
