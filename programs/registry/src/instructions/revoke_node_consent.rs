use anchor_lang::prelude::*;

use crate::constants::{NODE_CONSENT_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeConsentRevoked;
use crate::state::{check_version, NodeConsent, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct RevokeNodeConsent<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        close = owner,
        seeds = [
            NODE_CONSENT_SEED,
            node_consent.node.as_ref(),
            node_consent.participant.as_ref()
        ],
        bump = node_consent.bump,
        has_one = participant @ RegistryError::TermsOfAnotherOperator
    )]
    pub node_consent: Box<Account<'info, NodeConsent>>,
}

pub fn handle_revoke_node_consent(ctx: Context<RevokeNodeConsent>) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    check_version(ctx.accounts.node_consent.version)?;
    emit_cpi!(NodeConsentRevoked {
        node_consent: ctx.accounts.node_consent.key(),
        node: ctx.accounts.node_consent.node,
        participant: ctx.accounts.participant.key(),
    });
    Ok(())
}
