use anchor_lang::prelude::*;

use crate::constants::{OPERATOR_TERMS_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::OperatorTermsUpdated;
use crate::state::{check_version, NetworkTerms, OperatorTerms, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct UpdateOperatorTerms<'info> {
    pub owner: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [
            OPERATOR_TERMS_SEED,
            operator_terms.participant.as_ref(),
            &operator_terms.asn.to_le_bytes()
        ],
        bump = operator_terms.bump,
        has_one = participant @ RegistryError::TermsOfAnotherOperator
    )]
    pub operator_terms: Box<Account<'info, OperatorTerms>>,
}

pub fn handle_update_operator_terms(
    ctx: Context<UpdateOperatorTerms>,
    terms: NetworkTerms,
) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    let operator_terms = &mut ctx.accounts.operator_terms;
    let terms_before = operator_terms.terms;
    operator_terms.terms = terms;
    operator_terms.published_at = Clock::get()?.unix_timestamp;
    operator_terms.invariant()?;
    emit_cpi!(OperatorTermsUpdated {
        operator_terms: operator_terms.key(),
        terms_before,
        terms_after: terms,
    });
    Ok(())
}
