use anchor_lang::prelude::*;

use crate::constants::PARTICIPANT_SEED;
use crate::error::RegistryError;
use crate::events::HotKeySet;
use crate::state::Participant;

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct SetHotKeyArgs {
    pub hot: Pubkey,
    pub scope: u16,
    pub expires_at: i64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetHotKey<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
}

pub fn handle_set_hot_key(ctx: Context<SetHotKey>, args: SetHotKeyArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let participant = &mut ctx.accounts.participant;
    let hot_before = participant.hot;
    participant.set_hot_key(args.hot, args.scope, args.expires_at, now)?;
    participant.invariant()?;
    emit_cpi!(HotKeySet {
        participant: participant.key(),
        hot_before,
        hot_after: args.hot,
        scope: args.scope,
        expires_at: args.expires_at,
    });
    Ok(())
}
