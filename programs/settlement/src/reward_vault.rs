use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::REWARD_POOL_SEED;
use crate::state::RewardPool;

/// Moves base units out of a pool's vault, signed with the pool's own address, and checks what is left. The caller has
/// taken the amount off the pool's books before.
pub(crate) fn pay_from_pool<'info>(
    pool: &Account<'info, RewardPool>,
    vault: &mut InterfaceAccount<'info, TokenAccount>,
    recipient: &InterfaceAccount<'info, TokenAccount>,
    mint: &InterfaceAccount<'info, Mint>,
    token_program: &Interface<'info, TokenInterface>,
    amount: u64,
) -> Result<()> {
    let id = pool.id.to_le_bytes();
    let seeds = pool_seeds(pool, &id);
    let signer_seeds: &[&[&[u8]]] = &[&seeds];
    let accounts = TransferChecked {
        from: vault.to_account_info(),
        mint: mint.to_account_info(),
        to: recipient.to_account_info(),
        authority: pool.to_account_info(),
    };
    let context = CpiContext::new_with_signer(token_program.key(), accounts, signer_seeds);
    transfer_checked(context, amount, mint.decimals)?;
    vault.reload()?;
    pool.invariant(vault.amount)
}

/// Moves base units into a pool's vault.
pub(crate) fn pay_into_pool<'info>(
    from: &InterfaceAccount<'info, TokenAccount>,
    authority: &Signer<'info>,
    vault: &mut InterfaceAccount<'info, TokenAccount>,
    mint: &InterfaceAccount<'info, Mint>,
    token_program: &Interface<'info, TokenInterface>,
    amount: u64,
) -> Result<()> {
    let accounts = TransferChecked {
        from: from.to_account_info(),
        mint: mint.to_account_info(),
        to: vault.to_account_info(),
        authority: authority.to_account_info(),
    };
    let context = CpiContext::new(token_program.key(), accounts);
    transfer_checked(context, amount, mint.decimals)?;
    vault.reload()
}

/// Signer seeds of a pool; `id` is its id in little-endian bytes.
pub(crate) fn pool_seeds<'a>(pool: &'a RewardPool, id: &'a [u8; 8]) -> [&'a [u8]; 4] {
    [
        REWARD_POOL_SEED,
        pool.creator.as_ref(),
        id,
        std::slice::from_ref(&pool.bump),
    ]
}
