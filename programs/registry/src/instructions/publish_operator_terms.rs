use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, OPERATOR_TERMS_SEED, PARTICIPANT_SEED, RESERVED_BYTES};
use crate::error::RegistryError;
use crate::events::OperatorTermsPublished;
use crate::state::{NetworkTerms, OperatorTerms, Participant};

#[event_cpi]
#[derive(Accounts)]
#[instruction(asn: u32)]
pub struct PublishOperatorTerms<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        init,
        payer = owner,
        space = 8 + OperatorTerms::INIT_SPACE,
        seeds = [OPERATOR_TERMS_SEED, participant.key().as_ref(), &asn.to_le_bytes()],
        bump
    )]
    pub operator_terms: Box<Account<'info, OperatorTerms>>,
    pub system_program: Program<'info, System>,
}

pub fn handle_publish_operator_terms(
    ctx: Context<PublishOperatorTerms>,
    asn: u32,
    terms: NetworkTerms,
) -> Result<()> {
    ctx.accounts.participant.invariant()?;
    ctx.accounts.participant.check_active()?;
    let participant = ctx.accounts.participant.key();
    let operator_terms = &mut ctx.accounts.operator_terms;
    operator_terms.set_inner(OperatorTerms {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.operator_terms,
        participant,
        asn,
        terms,
        published_at: Clock::get()?.unix_timestamp,
        reserved: [0; RESERVED_BYTES],
    });
    operator_terms.invariant()?;
    emit_cpi!(OperatorTermsPublished {
        operator_terms: operator_terms.key(),
        participant,
        asn,
        terms,
    });
    Ok(())
}
