use anchor_lang::prelude::*;
use market::Contract;

use crate::constants::SLOT_HASHES;
use crate::error::SettlementError;
use crate::events::SeedRearmed;
use crate::instructions::seed_commitment::find_seed_slot;
use crate::state::DeliveryCommitment;

#[derive(Accounts)]
pub struct RearmSeed<'info> {
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    /// CHECK: compared with the sysvar's address; read by slice, for it is too long to decode.
    #[account(address = SLOT_HASHES)]
    pub slot_hashes: UncheckedAccount<'info>,
}

pub fn handle_rearm_seed(ctx: Context<RearmSeed>) -> Result<()> {
    let accounts = &*ctx.accounts;
    let delay = u64::from(accounts.contract.load()?.seed_delay_slots);
    let mut commitment = accounts.commitment.load_mut()?;
    commitment.validate_seedable()?;
    let missed = find_seed_slot(&accounts.slot_hashes, commitment.seed_target_slot);
    require!(
        missed.is_err_and(|error| error == SettlementError::SeedMissed.into()),
        SettlementError::SeedNotMissed
    );
    commitment.rearm(Clock::get()?.slot.saturating_add(delay))?;
    emit!(SeedRearmed {
        commitment: accounts.commitment.key(),
        rearms: commitment.rearms,
        samples: commitment.samples,
        seed_target_slot: commitment.seed_target_slot,
    });
    Ok(())
}
