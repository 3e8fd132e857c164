use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    close_account, transfer_checked, CloseAccount, Mint, TokenAccount, TokenInterface,
    TransferChecked,
};

/// A vault of a lot or a bounty, with what it takes to move its tokens: it is signed for by the account
/// it belongs to, so no signer is shared between vaults.
pub(crate) struct Escrow<'a, 'info> {
    pub authority: AccountInfo<'info>,
    pub seeds: &'a [&'a [u8]],
    pub vault: &'a InterfaceAccount<'info, TokenAccount>,
    pub mint: &'a InterfaceAccount<'info, Mint>,
    pub token_program: &'a Interface<'info, TokenInterface>,
}

impl<'info> Escrow<'_, 'info> {
    /// Moves tokens out. The caller has taken the amount off its books before.
    pub fn pay(
        &self,
        recipient: &InterfaceAccount<'info, TokenAccount>,
        amount: u64,
    ) -> Result<()> {
        let accounts = TransferChecked {
            from: self.vault.to_account_info(),
            mint: self.mint.to_account_info(),
            to: recipient.to_account_info(),
            authority: self.authority.clone(),
        };
        let signer_seeds: &[&[&[u8]]] = &[self.seeds];
        let context = CpiContext::new_with_signer(self.token_program.key(), accounts, signer_seeds);
        transfer_checked(context, amount, self.mint.decimals)
    }

    /// Pays all that is left, whoever sent it there, and closes the vault; returns what was left.
    pub fn empty_and_close(
        &self,
        recipient: &InterfaceAccount<'info, TokenAccount>,
        rent_payer: AccountInfo<'info>,
    ) -> Result<u64> {
        let left = self.vault.amount;
        if left > 0 {
            self.pay(recipient, left)?;
        }
        let accounts = CloseAccount {
            account: self.vault.to_account_info(),
            destination: rent_payer,
            authority: self.authority.clone(),
        };
        let signer_seeds: &[&[&[u8]]] = &[self.seeds];
        let context = CpiContext::new_with_signer(self.token_program.key(), accounts, signer_seeds);
        close_account(context)?;
        Ok(left)
    }
}

/// Moves a signer's tokens into a vault.
pub(crate) fn deposit<'info>(
    from: &InterfaceAccount<'info, TokenAccount>,
    vault: &InterfaceAccount<'info, TokenAccount>,
    owner: &Signer<'info>,
    mint: &InterfaceAccount<'info, Mint>,
    token_program: &Interface<'info, TokenInterface>,
    amount: u64,
) -> Result<()> {
    let accounts = TransferChecked {
        from: from.to_account_info(),
        mint: mint.to_account_info(),
        to: vault.to_account_info(),
        authority: owner.to_account_info(),
    };
    let context = CpiContext::new(token_program.key(), accounts);
    transfer_checked(context, amount, mint.decimals)
}
