use anchor_lang::prelude::*;

use crate::constants::{OPERATOR_TERMS_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::OperatorTermsWithdrawn;
use crate::state::{check_version, OperatorTerms, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawOperatorTerms<'info> {
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
            OPERATOR_TERMS_SEED,
            operator_terms.participant.as_ref(),
            &operator_terms.asn.to_le_bytes()
        ],
        bump = operator_terms.bump,
        has_one = participant @ RegistryError::TermsOfAnotherOperator
    )]
    pub operator_terms: Box<Account<'info, OperatorTerms>>,
}

pub fn handle_withdraw_operator_terms(ctx: Context<WithdrawOperatorTerms>) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    check_version(ctx.accounts.operator_terms.version)?;
    emit_cpi!(OperatorTermsWithdrawn {
        operator_terms: ctx.accounts.operator_terms.key(),
        participant: ctx.accounts.participant.key(),
        asn: ctx.accounts.operator_terms.asn,
    });
    Ok(())
}
