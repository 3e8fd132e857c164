use anchor_lang::prelude::*;
use anchor_spl::token_2022::{burn, close_account, Burn, CloseAccount, Token2022};
use anchor_spl::token_interface::Mint;

use crate::constants::{LICENCE_SEED, NODE_SEED};
use crate::error::RegistryError;
use crate::events::LicenceRetired;
use crate::state::read_participant_owner;

#[event_cpi]
#[derive(Accounts)]
#[instruction(node_index: u32)]
pub struct RetireLicence<'info> {
    /// CHECK: a participant or what stays of a closed one; `read_participant_owner` proves which.
    pub participant: UncheckedAccount<'info>,
    /// CHECK: the address at which the node stood; `validate` sees that nothing stands there any more.
    #[account(seeds = [NODE_SEED, participant.key().as_ref(), &node_index.to_le_bytes()], bump)]
    pub node: UncheckedAccount<'info>,
    /// CHECK: the participant's owner, to whom the rent goes; compared in `validate`.
    #[account(mut)]
    pub owner: UncheckedAccount<'info>,
    #[account(
        mut,
        seeds = [LICENCE_SEED, node.key().as_ref()],
        bump,
        mint::token_program = token_program
    )]
    pub licence_mint: Box<InterfaceAccount<'info, Mint>>,
    /// CHECK: Token-2022 burns from it, which needs the one account that holds the token; unread once it is burned.
    #[account(mut)]
    pub licence_account: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

impl<'info> RetireLicence<'info> {
    fn validate(&self) -> Result<()> {
        require!(self.node.data_is_empty(), RegistryError::NodeNotClosed);
        require_keys_eq!(
            self.owner.key(),
            read_participant_owner(&self.participant)?,
            RegistryError::NotOwner
        );
        Ok(())
    }

    fn burn(&self, seeds: &[&[u8]]) -> Result<()> {
        let accounts = Burn {
            mint: self.licence_mint.to_account_info(),
            from: self.licence_account.to_account_info(),
            authority: self.licence_mint.to_account_info(),
        };
        let signer = &[seeds];
        let context = CpiContext::new_with_signer(self.token_program.key(), accounts, signer);
        burn(context, self.licence_mint.supply)
    }

    fn close_mint(&self, seeds: &[&[u8]]) -> Result<()> {
        let accounts = CloseAccount {
            account: self.licence_mint.to_account_info(),
            destination: self.owner.to_account_info(),
            authority: self.licence_mint.to_account_info(),
        };
        let signer = &[seeds];
        close_account(CpiContext::new_with_signer(
            self.token_program.key(),
            accounts,
            signer,
        ))
    }
}

pub fn handle_retire_licence(ctx: Context<RetireLicence>, node_index: u32) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.validate()?;
    let node = accounts.node.key();
    let lamports_returned = accounts.licence_mint.to_account_info().lamports();
    let seeds: &[&[u8]] = &[LICENCE_SEED, node.as_ref(), &[ctx.bumps.licence_mint]];
    let burned = accounts.licence_mint.supply;
    if burned > 0 {
        accounts.burn(seeds)?;
    }
    accounts.close_mint(seeds)?;
    emit_cpi!(LicenceRetired {
        licence_mint: accounts.licence_mint.key(),
        node,
        node_index,
        participant: accounts.participant.key(),
        owner: accounts.owner.key(),
        burned,
        lamports_returned,
    });
    Ok(())
}
