use anchor_lang::prelude::*;

use crate::constants::{MIN_BEACON_BOND, PREFIX_TAG_SECS, RESERVED_BYTES};
use crate::error::RegistryError;
use crate::state::{check_version, page_of};

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeaconStatus {
    /// Listed: panels may draw it.
    Active,
    /// Off the list; its bond is unbonding.
    Exiting,
}

/// A node at home that measures others, at `["beacon", beacon_key]`.
#[account]
#[derive(InitSpace)]
pub struct Beacon {
    pub version: u8,
    pub bump: u8,
    pub owner: Pubkey,
    pub beacon_key: Pubkey,
    /// Its number in the list; moves when another BEACON leaves.
    pub index: u32,
    /// The access prefix behind which an auditor saw it, as the auditors number them; 0 = none.
    pub prefix_tag: u32,
    pub tag_expires_at: i64,
    /// Participant account of the auditor that gave the tag.
    pub tagged_by: Pubkey,
    pub asn: u32,
    pub down_kilobits_per_second: u64,
    pub bond_mint: Pubkey,
    /// Base units of `bond_mint` in its stake vault.
    pub bond: u64,
    /// When the bond may be withdrawn; 0 while listed.
    pub bond_ready_at: i64,
    pub flags: u16,
    pub strikes: u8,
    pub status: BeaconStatus,
    pub reserved: [u8; RESERVED_BYTES],
}

impl Beacon {
    pub fn page(&self) -> u32 {
        page_of(self.index)
    }

    pub fn tag(&mut self, prefix_tag: u32, auditor: Pubkey, now: i64) -> Result<()> {
        self.check_active()?;
        self.prefix_tag = prefix_tag;
        self.tagged_by = auditor;
        self.tag_expires_at = now
            .checked_add(PREFIX_TAG_SECS)
            .ok_or(RegistryError::CounterOutOfRange)?;
        Ok(())
    }

    /// Whether a panel may rely on the tag.
    pub fn has_tag(&self, now: i64) -> bool {
        self.prefix_tag != 0 && now < self.tag_expires_at
    }

    pub fn leave(&mut self, bond_ready_at: i64) -> Result<()> {
        self.check_active()?;
        self.status = BeaconStatus::Exiting;
        self.bond_ready_at = bond_ready_at;
        Ok(())
    }

    /// What may be paid out, once its time has come.
    pub fn check_withdrawable(&self, now: i64) -> Result<u64> {
        require!(
            self.status == BeaconStatus::Exiting,
            RegistryError::BeaconNotExiting
        );
        require!(now >= self.bond_ready_at, RegistryError::BondNotReady);
        Ok(self.bond)
    }

    pub fn check_active(&self) -> Result<()> {
        require!(
            self.status == BeaconStatus::Active,
            RegistryError::BeaconNotActive
        );
        Ok(())
    }

    pub fn invariant(&self) -> Result<()> {
        check_version(self.version)?;
        require!(
            self.down_kilobits_per_second > 0,
            RegistryError::BeaconRateZero
        );
        require!(self.bond >= MIN_BEACON_BOND, RegistryError::BondTooSmall);
        Ok(())
    }
}
