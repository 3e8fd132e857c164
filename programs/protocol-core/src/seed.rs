//! The seed of a commitment's samples: the hash of a slot that nobody knew when the root was committed (protocol 6.7).
use crate::bytes::{take, take_u64};
use crate::{sha256, CoreError, Hash};

/// Entries that the SlotHashes sysvar keeps.
pub const MAX_SLOT_HASHES: usize = 512;
const SEED_DOMAIN: [u8; 16] = *b"OCM/seed/v1\0\0\0\0\0";
const HEADER_BYTES: usize = 8;
const ENTRY_BYTES: usize = 40;

/// `SHA256(dom | slot_hash | commitment | root)`: two commitments of one slot draw different samples.
pub fn compute_seed(slot_hash: &Hash, commitment: &[u8; 32], root: &Hash) -> Hash {
    sha256(&[&SEED_DOMAIN, slot_hash, commitment, root])
}

/// One entry of the SlotHashes sysvar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotHash {
    pub slot: u64,
    pub hash: Hash,
}

/// The raw data of the SlotHashes sysvar, read in place: 20 kB would fit neither stack nor heap of a program.
///
/// Layout: `u64 count`, then entries of `u64 slot | hash`, newest first. Slots without a block have no entry.
#[derive(Clone, Copy, Debug)]
pub struct SlotHashes<'a> {
    entries: &'a [u8],
    count: usize,
}

impl<'a> SlotHashes<'a> {
    /// The account is longer than its entries while the chain is young, so only missing bytes are refused.
    ///
    /// Error: [`CoreError::SlotHashesMalformed`].
    pub fn parse(data: &'a [u8]) -> Result<Self, CoreError> {
        let malformed = CoreError::SlotHashesMalformed;
        let count = take_u64(data, 0).map_err(|_| malformed)?;
        let count = usize::try_from(count).map_err(|_| malformed)?;
        if count > MAX_SLOT_HASHES {
            return Err(malformed);
        }
        let entries = count
            .checked_mul(ENTRY_BYTES)
            .and_then(|length| length.checked_add(HEADER_BYTES))
            .and_then(|end| data.get(HEADER_BYTES..end))
            .ok_or(malformed)?;
        Ok(Self { entries, count })
    }

    /// The first produced slot at or after `target_slot`, with its hash; by binary search.
    ///
    /// Either the entry of the target itself, or a later one whose next older entry is before the target. Without that older
    /// entry an earlier slot may have been dropped, and whoever waits could choose among hashes.
    /// Errors: [`CoreError::SeedSlotNotReached`] (wait), [`CoreError::SeedSlotMissed`] (rearm).
    pub fn find_seed_slot(&self, target_slot: u64) -> Result<SlotHash, CoreError> {
        let (mut low, mut high) = (0, self.count);
        // Entries before `low` are at or after the target, entries from `high` on are before it.
        while low < high {
            let middle = low.checked_add(high).ok_or(CoreError::Overflow)? >> 1;
            if self.slot_at(middle)? >= target_slot {
                low = middle.checked_add(1).ok_or(CoreError::Overflow)?;
            } else {
                high = middle;
            }
        }
        let index = low.checked_sub(1).ok_or(CoreError::SeedSlotNotReached)?;
        let found = self.entry_at(index)?;
        if found.slot != target_slot && low == self.count {
            return Err(CoreError::SeedSlotMissed);
        }
        Ok(found)
    }

    /// Slot of the oldest entry; nothing while there is none. A target before it can be found no more.
    pub fn oldest_slot(&self) -> Result<Option<u64>, CoreError> {
        match self.count.checked_sub(1) {
            Some(last) => self.slot_at(last).map(Some),
            None => Ok(None),
        }
    }

    fn entry_at(&self, index: usize) -> Result<SlotHash, CoreError> {
        let offset = index.checked_mul(ENTRY_BYTES).ok_or(CoreError::Overflow)?;
        let hash_offset = offset.checked_add(8).ok_or(CoreError::Overflow)?;
        Ok(SlotHash {
            slot: take_u64(self.entries, offset)?,
            hash: take(self.entries, hash_offset)?,
        })
    }

    fn slot_at(&self, index: usize) -> Result<u64, CoreError> {
        let offset = index.checked_mul(ENTRY_BYTES).ok_or(CoreError::Overflow)?;
        take_u64(self.entries, offset)
    }
}
