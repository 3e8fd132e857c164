use anchor_lang::prelude::*;

use crate::constants::{KIND_COUNT, MAX_CLAIMS, MAX_EPOCH_COUNT, MAX_SPLITS};
use crate::error::MarketError;
use crate::state::{stored_methods, Sla, Split};
use registry::RESERVED_BYTES;

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferStatus {
    Open,
    Withdrawn,
}

/// Terms on which a seller sells claimed capacity, at `["offer", participant, index]`.
#[account]
#[derive(InitSpace)]
pub struct Offer {
    pub version: u8,
    pub bump: u8,
    pub participant: Pubkey,
    pub index: u32,
    pub claims: [Pubkey; MAX_CLAIMS],
    pub claim_count: u8,
    /// SHA-256 over the node addresses of the claims, in their order.
    pub node_set_hash: [u8; 32],
    /// Base units per 10^9 bytes, by kind of delivery; 0 = the kind is not paid by volume.
    pub price_per_gigabyte: [u64; KIND_COUNT],
    /// Least pay of an epoch with a co-signed receipted delivery, base units.
    pub commit_fee_per_epoch: u64,
    pub min_kilobits_per_second: u64,
    pub max_kilobits_per_second: u64,
    pub remaining_kilobits_per_second: u64,
    pub min_epochs: u32,
    pub mint: Pubkey,
    pub epoch_length_secs: u32,
    pub sla: Sla,
    pub splits: [Split; MAX_SPLITS],
    pub split_count: u8,
    pub expires_at: i64,
    pub status: OfferStatus,
    /// Bits: 1 unicast, 2 multicast; 0 in an account older than the field = unicast.
    pub delivery_methods: u8,
    /// Whether only capacity within an unexpired bandwidth proof may be sold.
    pub verified_only: bool,
    pub reserved: [u8; OFFER_RESERVED_BYTES],
}

/// The reserved bytes that the later fields have not taken.
pub const OFFER_RESERVED_BYTES: usize = RESERVED_BYTES - 2;

impl Offer {
    /// How the bytes are delivered.
    pub fn methods(&self) -> u8 {
        stored_methods(self.delivery_methods)
    }

    /// Takes a contract's rate out of what is left.
    pub fn take(&mut self, kilobits_per_second: u64, now: i64) -> Result<()> {
        require!(self.status == OfferStatus::Open, MarketError::OfferNotOpen);
        require!(now < self.expires_at, MarketError::OfferExpired);
        let range = self.min_kilobits_per_second..=self.max_kilobits_per_second;
        require!(
            range.contains(&kilobits_per_second),
            MarketError::CommittedRateOutOfRange
        );
        self.remaining_kilobits_per_second = self
            .remaining_kilobits_per_second
            .checked_sub(kilobits_per_second)
            .ok_or(MarketError::OfferExhausted)?;
        Ok(())
    }

    /// Gives a contract's rate back.
    pub fn give_back(&mut self, kilobits_per_second: u64) -> Result<()> {
        self.remaining_kilobits_per_second = self
            .remaining_kilobits_per_second
            .checked_add(kilobits_per_second)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(())
    }

    pub fn withdraw(&mut self) -> Result<()> {
        require!(self.status == OfferStatus::Open, MarketError::OfferNotOpen);
        self.status = OfferStatus::Withdrawn;
        Ok(())
    }

    pub fn invariant(&self) -> Result<()> {
        require!(
            0 < self.min_kilobits_per_second
                && self.min_kilobits_per_second <= self.max_kilobits_per_second,
            MarketError::RateRangeInvalid
        );
        require!(
            (1..=MAX_EPOCH_COUNT).contains(&self.min_epochs),
            MarketError::EpochCountInvalid
        );
        Ok(())
    }
}
