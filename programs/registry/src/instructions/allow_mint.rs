use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::{
    extension::{BaseStateWithExtensions, ExtensionType, StateWithExtensions},
    state::Mint as MintState,
};
use anchor_spl::token_interface::Mint;

use crate::constants::CONFIG_SEED;
use crate::error::RegistryError;
use crate::events::MintAllowed;
use crate::state::Config;

#[event_cpi]
#[derive(Accounts)]
pub struct AllowMint<'info> {
    pub board: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = board @ RegistryError::NotBoard
    )]
    pub config: Box<Account<'info, Config>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
}

impl AllowMint<'_> {
    /// Only extensions that describe the token pass. Fees, hooks, permanent delegates, pausing,
    /// confidential balances, frozen defaults and closable mints could each break `vault >= owed`
    /// (security 4.2 row 17); what is not known to be harmless is refused.
    fn validate(&self) -> Result<()> {
        let info = self.mint.to_account_info();
        let data = info.try_borrow_data()?;
        let extensions = StateWithExtensions::<MintState>::unpack(&data)?.get_extension_types()?;
        let harmless = extensions.iter().all(|extension| {
            matches!(
                extension,
                ExtensionType::MetadataPointer
                    | ExtensionType::TokenMetadata
                    | ExtensionType::GroupPointer
                    | ExtensionType::TokenGroup
                    | ExtensionType::GroupMemberPointer
                    | ExtensionType::TokenGroupMember
            )
        });
        require!(harmless, RegistryError::MintExtensionForbidden);
        Ok(())
    }
}

pub fn handle_allow_mint(ctx: Context<AllowMint>) -> Result<()> {
    ctx.accounts.validate()?;
    let mint = ctx.accounts.mint.key();
    let config = &mut ctx.accounts.config;
    config.allow_mint(mint)?;
    config.invariant()?;
    emit_cpi!(MintAllowed {
        mint,
        token_program: *ctx.accounts.mint.to_account_info().owner,
    });
    Ok(())
}
