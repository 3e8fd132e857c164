use anchor_lang::prelude::*;

use crate::constants::PARTICIPANT_SEED;
use crate::error::RegistryError;
use crate::events::PayoutSet;
use crate::state::Participant;

#[event_cpi]
#[derive(Accounts)]
pub struct SetPayout<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_set_payout(ctx: Context<SetPayout>, payout: Pubkey) -> Result<()> {
    let participant = &mut ctx.accounts.participant;
    let payout_before = participant.payout;
    participant.set_payout(payout)?;
    participant.invariant()?;
    emit_cpi!(PayoutSet {
        participant: participant.key(),
        payout_before,
        payout_after: payout,
    });
    Ok(())
}
