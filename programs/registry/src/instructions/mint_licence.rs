use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_2022::Token2022;

use crate::constants::{HOT_SCOPE_PROVE, LICENCE_SEED, NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::LicenceMinted;
use crate::licence_token::LicenceToken;
use crate::state::{check_licence_uri, licence_metadata, Node, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct MintLicence<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The participant's owner, or its hot key with the permission to prove.
    pub authority: Signer<'info>,
    /// CHECK: the wallet that the participant names as its owner; it receives the token and need not sign.
    #[account(address = participant.owner @ RegistryError::NotOwner)]
    pub owner: UncheckedAccount<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        seeds = [NODE_SEED, node.participant.as_ref(), &node.index.to_le_bytes()],
        bump = node.bump,
        has_one = participant @ RegistryError::NodeOfAnotherParticipant
    )]
    pub node: Box<Account<'info, Node>>,
    /// CHECK: proved by its seeds; Token-2022 refuses it unless it can become a mint.
    #[account(mut, seeds = [LICENCE_SEED, node.key().as_ref()], bump)]
    pub licence_mint: UncheckedAccount<'info>,
    /// CHECK: the associated token program creates it and refuses any other address.
    #[account(mut)]
    pub licence_account: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

impl MintLicence<'_> {
    fn validate(&self, uri: &str, now: i64) -> Result<()> {
        self.participant.invariant()?;
        self.node.invariant()?;
        require!(
            self.participant
                .authorizes(&self.authority.key(), HOT_SCOPE_PROVE, now),
            RegistryError::NotAuthorized
        );
        // A mint that stands, even one whose token its holder has burned, is never made again.
        require!(
            self.licence_mint.data_is_empty(),
            RegistryError::LicenceExists
        );
        check_licence_uri(uri)
    }
}

pub fn handle_mint_licence(ctx: Context<MintLicence>, uri: String) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.validate(&uri, Clock::get()?.unix_timestamp)?;
    let (node, mint) = (accounts.node.key(), accounts.licence_mint.key());
    let token = LicenceToken {
        payer: &accounts.payer,
        holder: &accounts.owner,
        mint: &accounts.licence_mint,
        token_account: &accounts.licence_account,
        token_program: &accounts.token_program,
        system_program: &accounts.system_program,
        seeds: &[LICENCE_SEED, node.as_ref(), &[ctx.bumps.licence_mint]],
    };
    token.issue(licence_metadata(&accounts.node, &node, mint, uri))?;
    emit_cpi!(LicenceMinted {
        licence_mint: mint,
        node,
        participant: accounts.participant.key(),
        holder: accounts.owner.key(),
        role: accounts.node.role,
        class: accounts.node.class,
        asn: accounts.node.asn,
    });
    Ok(())
}
