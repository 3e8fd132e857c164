use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, PARTICIPANT_SEED, RESERVED_BYTES};
use crate::error::RegistryError;
use crate::events::ParticipantClosed;
use crate::state::{ClosedParticipant, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseParticipant<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    /// CHECK: this program's account at the signer's own seeds; the handler reads it as a Participant by
    /// its discriminator. It is not typed, because it leaves the instruction as another type.
    #[account(
        mut,
        owner = crate::ID @ RegistryError::NotOwner,
        seeds = [PARTICIPANT_SEED, owner.key().as_ref()],
        bump
    )]
    pub participant: UncheckedAccount<'info>,
}

impl CloseParticipant<'_> {
    fn read(&self) -> Result<Box<Participant>> {
        let data = self.participant.try_borrow_data()?;
        Participant::try_deserialize(&mut data.as_ref()).map(Box::new)
    }

    /// Puts the tombstone in the participant's place and returns the rent that it no longer needs.
    fn replace(&self, tombstone: &ClosedParticipant) -> Result<u64> {
        let info = self.participant.to_account_info();
        let size = ClosedParticipant::INIT_SPACE
            .checked_add(8)
            .ok_or(RegistryError::CounterOutOfRange)?;
        info.resize(size)?;
        tombstone.try_serialize(&mut info.try_borrow_mut_data()?.as_mut())?;
        let kept = Rent::get()?.minimum_balance(size);
        let returned = info
            .lamports()
            .checked_sub(kept)
            .ok_or(RegistryError::CounterOutOfRange)?;
        self.participant.sub_lamports(returned)?;
        self.owner.add_lamports(returned)?;
        Ok(returned)
    }
}

pub fn handle_close_participant(ctx: Context<CloseParticipant>) -> Result<()> {
    let participant = ctx.accounts.read()?;
    participant.invariant()?;
    participant.check_closable()?;
    let next_contract_nonce = participant.next_contract_nonce;
    let lamports_returned = ctx.accounts.replace(&ClosedParticipant {
        version: ACCOUNT_VERSION,
        bump: participant.bump,
        owner: participant.owner,
        next_contract_nonce,
        closed_at: Clock::get()?.unix_timestamp,
        reserved: [0; RESERVED_BYTES],
    })?;
    emit_cpi!(ParticipantClosed {
        participant: ctx.accounts.participant.key(),
        owner: participant.owner,
        next_contract_nonce,
        lamports_returned,
    });
    Ok(())
}
