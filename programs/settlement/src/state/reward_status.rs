use anchor_lang::prelude::*;
use protocol_core::RewardEntry;
use registry::RESERVED_BYTES;

use crate::constants::REWARD_STATUS_VERSION;
use crate::error::SettlementError;

/// What one member of a pool has been paid, at `["rstat", pool, index]`, for as long as the pool lives.
#[account]
#[derive(InitSpace)]
pub struct RewardStatus {
    pub version: u8,
    pub bump: u8,
    pub pool: Pubkey,
    pub index: u32,
    /// The first owner proven under an active root. A root that gives the index to another can be vetoed; one that was
    /// activated all the same pays nobody at this index until a later root gives it back.
    pub owner: Pubkey,
    /// Highest lifetime amount proven under an active root.
    pub proven: u64,
    /// Base units paid.
    pub claimed: u64,
    pub rent_payer: Pubkey,
    pub reserved: [u8; RESERVED_BYTES],
}

impl RewardStatus {
    /// Whether nobody has proven this place before.
    pub fn is_new(&self) -> bool {
        self.version == 0
    }

    pub fn begin(&mut self, pool: Pubkey, index: u32, owner: Pubkey, rent_payer: Pubkey, bump: u8) {
        self.version = REWARD_STATUS_VERSION;
        self.bump = bump;
        self.pool = pool;
        self.index = index;
        self.owner = owner;
        self.rent_payer = rent_payer;
    }

    /// Notes an entry that has been verified under the active root. What was once proven stays: a lower amount of a later
    /// root takes nothing from the member.
    pub fn prove(&mut self, entry: &RewardEntry) -> Result<()> {
        require!(
            self.owner.to_bytes() == entry.owner,
            SettlementError::RewardOwnerWrong
        );
        self.proven = self.proven.max(entry.lifetime);
        Ok(())
    }

    /// Takes what an entry verified under the active root gives beyond what was paid.
    pub fn take_due(&mut self, entry: &RewardEntry) -> Result<u64> {
        self.prove(entry)?;
        let due = entry.lifetime.saturating_sub(self.claimed);
        require!(due > 0, SettlementError::RewardNothingDue);
        self.claimed = entry.lifetime;
        Ok(due)
    }

    /// What a pending root must not fall below.
    pub fn entry(&self) -> RewardEntry {
        RewardEntry {
            index: self.index,
            owner: self.owner.to_bytes(),
            lifetime: self.proven,
        }
    }
}
