use anchor_lang::prelude::*;

use crate::constants::BEACONS_PER_PAGE;
use crate::error::RegistryError;
use crate::state::check_version;

/// How many BEACONs are listed, at `["breg"]`: the numbers 0 to `count - 1` are all in use, so that
/// a panel can be drawn by number.
#[account]
#[derive(InitSpace)]
pub struct BeaconRegistry {
    pub version: u8,
    pub bump: u8,
    pub count: u32,
    pub reserved: [u8; crate::constants::RESERVED_BYTES],
}

impl BeaconRegistry {
    /// Page of the next BEACON.
    pub fn next_page(&self) -> u32 {
        page_of(self.count)
    }

    /// Page of the BEACON at the last place.
    pub fn last_page(&self) -> u32 {
        page_of(self.count.saturating_sub(1))
    }

    /// Takes the next place; returns it.
    pub fn append(&mut self) -> Result<u32> {
        check_version(self.version)?;
        let index = self.count;
        self.count = index
            .checked_add(1)
            .ok_or(RegistryError::CounterOutOfRange)?;
        Ok(index)
    }

    /// Gives the last place up; returns it.
    pub fn remove_last(&mut self) -> Result<u32> {
        check_version(self.version)?;
        self.count = self
            .count
            .checked_sub(1)
            .ok_or(RegistryError::CounterOutOfRange)?;
        Ok(self.count)
    }
}

/// Keys of 256 BEACONs in the order of their numbers, at `["bpage", page]`; read and written in place.
#[account(zero_copy(unsafe))]
#[repr(C, packed)]
#[derive(InitSpace)]
pub struct BeaconPage {
    pub version: u8,
    pub bump: u8,
    /// Fits: 65,536 pages are 16.7 million BEACONs.
    pub page: u16,
    pub keys: [[u8; 32]; BEACONS_PER_PAGE],
}

impl BeaconPage {
    pub fn get(&self, index: u32) -> Result<Pubkey> {
        check_version(self.version)?;
        let key = self.keys.get(place_of(index));
        key.map(|bytes| Pubkey::new_from_array(*bytes))
            .ok_or_else(|| RegistryError::InvariantBroken.into())
    }

    pub fn set(&mut self, index: u32, key: Pubkey) -> Result<()> {
        check_version(self.version)?;
        let place = self
            .keys
            .get_mut(place_of(index))
            .ok_or(RegistryError::InvariantBroken)?;
        *place = key.to_bytes();
        Ok(())
    }
}

/// Page of a BEACON by its number: 256 to a page.
pub fn page_of(index: u32) -> u32 {
    index >> 8
}

fn place_of(index: u32) -> usize {
    (index & 0xff) as usize
}
