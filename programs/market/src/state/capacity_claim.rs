use anchor_lang::prelude::*;

use crate::constants::MAX_CLAIMS;
use crate::error::MarketError;
use crate::state::{stored_methods, Footprint};
use registry::RESERVED_BYTES;

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Egress,
    Ingress,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityClaimStatus {
    Active,
    Retired,
}

/// What an operator says that a node can carry into a footprint, at `["claim", node, index]`.
#[account]
#[derive(InitSpace)]
pub struct CapacityClaim {
    pub version: u8,
    pub bump: u8,
    pub node: Pubkey,
    pub participant: Pubkey,
    pub index: u32,
    pub footprint: Footprint,
    pub direction: Direction,
    pub kilobits_per_second: u64,
    /// Sum of the shares that running contracts hold.
    pub committed_kilobits_per_second: u64,
    /// Base units per 10^9 bytes; an offer must not go below it.
    pub price_floor_per_gigabyte: u64,
    pub valid_from: i64,
    pub valid_until: i64,
    pub status: CapacityClaimStatus,
    /// Bits: 1 unicast, 2 multicast; 0 in an account older than the field = unicast.
    pub delivery_methods: u8,
    /// When the claim was made, unix seconds; 0 in an account older than the field = unknown.
    pub claimed_at: i64,
    pub reserved: [u8; CLAIM_RESERVED_BYTES],
}

/// The reserved bytes that the later fields have not taken.
pub const CLAIM_RESERVED_BYTES: usize = RESERVED_BYTES - 9;

impl CapacityClaim {
    /// How the node delivers.
    pub fn methods(&self) -> u8 {
        stored_methods(self.delivery_methods)
    }

    /// Kilobits per second that no contract holds.
    pub fn free(&self) -> u64 {
        self.kilobits_per_second
            .saturating_sub(self.committed_kilobits_per_second)
    }

    /// Binds a contract's share for the whole of `[begins_at, ends_at)`.
    pub fn reserve(&mut self, share: u64, begins_at: i64, ends_at: i64) -> Result<()> {
        require!(
            self.status == CapacityClaimStatus::Active,
            MarketError::ClaimNotActive
        );
        require!(
            self.valid_from <= begins_at && ends_at <= self.valid_until,
            MarketError::ClaimNotValidThroughout
        );
        let committed = self
            .committed_kilobits_per_second
            .checked_add(share)
            .filter(|committed| *committed <= self.kilobits_per_second)
            .ok_or(MarketError::ClaimExhausted)?;
        self.committed_kilobits_per_second = committed;
        Ok(())
    }

    pub fn release(&mut self, share: u64) -> Result<()> {
        self.committed_kilobits_per_second = self
            .committed_kilobits_per_second
            .checked_sub(share)
            .ok_or(MarketError::InvariantBroken)?;
        Ok(())
    }

    /// Takes the claim out of the market; only when no contract holds a share.
    pub fn retire(&mut self) -> Result<()> {
        require!(
            self.status == CapacityClaimStatus::Active,
            MarketError::ClaimNotActive
        );
        require!(
            self.committed_kilobits_per_second == 0,
            MarketError::ClaimInUse
        );
        self.status = CapacityClaimStatus::Retired;
        Ok(())
    }

    pub fn invariant(&self) -> Result<()> {
        require!(
            self.committed_kilobits_per_second <= self.kilobits_per_second,
            MarketError::InvariantBroken
        );
        require!(
            self.valid_from < self.valid_until,
            MarketError::ValidityInvalid
        );
        Ok(())
    }
}

/// Lays up to four claim addresses into their fixed places.
pub fn place_claims(claims: &[Pubkey]) -> Result<([Pubkey; MAX_CLAIMS], u8)> {
    require!(
        (1..=MAX_CLAIMS).contains(&claims.len()),
        MarketError::ClaimCountInvalid
    );
    let mut placed = [Pubkey::default(); MAX_CLAIMS];
    for (place, claim) in placed.iter_mut().zip(claims) {
        *place = *claim;
    }
    let count = u8::try_from(claims.len()).map_err(|_| MarketError::ClaimCountInvalid)?;
    Ok((placed, count))
}
