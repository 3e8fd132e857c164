use anchor_lang::prelude::*;
use protocol_core::{compute_seed, CoreError, SlotHash, SlotHashes};

use crate::constants::SLOT_HASHES;
use crate::error::SettlementError;
use crate::events::CommitmentSeeded;
use crate::state::DeliveryCommitment;

#[derive(Accounts)]
pub struct SeedCommitment<'info> {
    #[account(mut)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    /// CHECK: compared with the sysvar's address; read by slice, for it is too long to decode.
    #[account(address = SLOT_HASHES)]
    pub slot_hashes: UncheckedAccount<'info>,
}

/// The slot whose hash seeds what was due at `target_slot`.
pub(crate) fn find_seed_slot(slot_hashes: &AccountInfo, target_slot: u64) -> Result<SlotHash> {
    let data = slot_hashes.try_borrow_data()?;
    let found = SlotHashes::parse(&data).and_then(|hashes| hashes.find_seed_slot(target_slot));
    found.map_err(|error| {
        match error {
            CoreError::SeedSlotNotReached => SettlementError::SeedNotReached,
            _ => SettlementError::SeedMissed,
        }
        .into()
    })
}

pub fn handle_seed_commitment(ctx: Context<SeedCommitment>) -> Result<()> {
    let address = ctx.accounts.commitment.key();
    let mut commitment = ctx.accounts.commitment.load_mut()?;
    commitment.validate_seedable()?;
    let SlotHash { slot, hash } =
        find_seed_slot(&ctx.accounts.slot_hashes, commitment.seed_target_slot)?;
    let seed = compute_seed(&hash, &address.to_bytes(), &commitment.root);
    commitment.seed(seed, Clock::get()?.unix_timestamp);
    emit!(CommitmentSeeded {
        commitment: address,
        slot,
        seed,
        samples: commitment.samples,
    });
    Ok(())
}
