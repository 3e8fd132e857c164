use anchor_lang::prelude::*;

use crate::constants::{
    ACCOUNT_VERSION, NODE_CONSENT_SEED, NODE_SEED, OPERATOR_TERMS_SEED, PARTICIPANT_SEED,
    RESERVED_BYTES,
};
use crate::error::RegistryError;
use crate::events::NodeConsentGranted;
use crate::state::{Node, NodeConsent, OperatorTerms, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct GrantNodeConsent<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        seeds = [
            OPERATOR_TERMS_SEED,
            operator_terms.participant.as_ref(),
            &operator_terms.asn.to_le_bytes()
        ],
        bump = operator_terms.bump,
        has_one = participant @ RegistryError::TermsOfAnotherOperator
    )]
    pub operator_terms: Box<Account<'info, OperatorTerms>>,
    #[account(
        seeds = [NODE_SEED, node.participant.as_ref(), &node.index.to_le_bytes()],
        bump = node.bump
    )]
    pub node: Box<Account<'info, Node>>,
    #[account(
        init,
        payer = owner,
        space = 8 + NodeConsent::INIT_SPACE,
        seeds = [NODE_CONSENT_SEED, node.key().as_ref(), participant.key().as_ref()],
        bump
    )]
    pub node_consent: Box<Account<'info, NodeConsent>>,
    pub system_program: Program<'info, System>,
}

impl GrantNodeConsent<'_> {
    fn validate(&self) -> Result<()> {
        self.participant.invariant()?;
        self.participant.check_active()?;
        self.operator_terms.invariant()?;
        self.node.invariant()?;
        self.operator_terms.check_node(&self.node)
    }
}

pub fn handle_grant_node_consent(ctx: Context<GrantNodeConsent>) -> Result<()> {
    ctx.accounts.validate()?;
    let (participant, node) = (ctx.accounts.participant.key(), ctx.accounts.node.key());
    let terms_hash = ctx.accounts.operator_terms.terms.terms_hash;
    ctx.accounts.node_consent.set_inner(NodeConsent {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.node_consent,
        node,
        participant,
        asn: ctx.accounts.operator_terms.asn,
        terms_hash,
        granted_at: Clock::get()?.unix_timestamp,
        reserved: [0; RESERVED_BYTES],
    });
    emit_cpi!(NodeConsentGranted {
        node_consent: ctx.accounts.node_consent.key(),
        node,
        participant,
        terms_hash,
    });
    Ok(())
}
