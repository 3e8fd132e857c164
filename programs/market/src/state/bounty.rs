use anchor_lang::prelude::*;

use crate::constants::MAX_BOUNTY_PAYMENTS;
use crate::error::MarketError;
use crate::state::{check_methods, CapacityClaim, CapacityClaimStatus, Direction, Footprint};
use registry::{MAX_KILOBITS_PER_SECOND, RESERVED_BYTES};

/// A content provider's reward for the first sellers who hold capacity where it is wanted, at
/// `["bounty", content_provider, nonce]`.
#[account]
#[derive(InitSpace)]
pub struct Bounty {
    pub version: u8,
    pub bump: u8,
    /// Participant account of the buyer.
    pub content_provider: Pubkey,
    /// Its owner: gets the rest, and is never paid.
    pub owner: Pubkey,
    pub nonce: u64,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// Holds what is left of the rewards.
    pub vault: Pubkey,
    pub rent_payer: Pubkey,
    pub footprint: Footprint,
    /// Bits: 1 unicast, 2 multicast. A seller must be able to do each.
    pub delivery_methods: u8,
    /// Whether the node's bandwidth proof must show the rate as well.
    pub verified_only: bool,
    /// Whether the claim must serve an active contract of this content provider.
    pub contract_required: bool,
    /// Least rate of a claim.
    pub kilobits_per_second: u64,
    /// For how long the claim must have stood.
    pub hold_secs: u32,
    /// What each seller is paid, base units.
    pub reward: u64,
    pub max_payments: u8,
    pub expires_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
    /// Participant accounts that were paid. After the reserved bytes, for it alone has no fixed length.
    #[max_len(MAX_BOUNTY_PAYMENTS)]
    pub sellers: Vec<Pubkey>,
}

impl Bounty {
    pub fn validate(&self, now: i64) -> Result<()> {
        self.footprint.validate()?;
        check_methods(self.delivery_methods)?;
        require!(
            (1..=MAX_KILOBITS_PER_SECOND).contains(&self.kilobits_per_second),
            MarketError::RateOutOfRange
        );
        require!(self.reward > 0, MarketError::AmountZero);
        let payments = usize::from(self.max_payments);
        require!(
            (1..=MAX_BOUNTY_PAYMENTS).contains(&payments),
            MarketError::BountyCountInvalid
        );
        // Who begins to hold when the bounty appears must be able to earn it.
        let held_at = now.saturating_add(i64::from(self.hold_secs));
        require!(held_at < self.expires_at, MarketError::BountyTimesInvalid);
        Ok(())
    }

    /// What all payments come to.
    pub fn total(&self) -> Result<u64> {
        self.reward
            .checked_mul(u64::from(self.max_payments))
            .ok_or_else(|| MarketError::AmountOverflow.into())
    }

    /// Whether a claim is what the bounty is paid for.
    pub fn check_claim(&self, claim: &CapacityClaim, now: i64) -> Result<()> {
        require!(
            claim.status == CapacityClaimStatus::Active,
            MarketError::ClaimNotActive
        );
        require!(
            claim.direction == Direction::Egress,
            MarketError::ClaimNotEgress
        );
        require!(
            claim.footprint.to_core().covers(&self.footprint.to_core()),
            MarketError::FootprintNotCovered
        );
        require!(
            self.delivery_methods & !claim.methods() == 0,
            MarketError::MethodNotClaimed
        );
        require!(
            claim.kilobits_per_second >= self.kilobits_per_second,
            MarketError::ClaimTooSmall
        );
        require!(
            now < claim.valid_until,
            MarketError::ClaimNotValidThroughout
        );
        // The seller chooses `valid_from`; when the claim was made it cannot choose.
        let held_since = claim.claimed_at.max(claim.valid_from);
        let held_until = held_since.saturating_add(i64::from(self.hold_secs));
        require!(
            claim.claimed_at != 0 && held_until <= now,
            MarketError::ClaimTooYoung
        );
        Ok(())
    }

    /// Takes one reward for a seller; each seller is paid once.
    pub fn pay(&mut self, seller: Pubkey, seller_owner: &Pubkey, now: i64) -> Result<u64> {
        require!(
            now < self.expires_at && self.payments_left() > 0,
            MarketError::BountyOver
        );
        require!(
            seller != self.content_provider && *seller_owner != self.owner,
            MarketError::SelfDealing
        );
        require!(
            !self.sellers.contains(&seller),
            MarketError::BountyPaidAlready
        );
        self.sellers.push(seller);
        Ok(self.reward)
    }

    pub fn payments_left(&self) -> usize {
        usize::from(self.max_payments).saturating_sub(self.sellers.len())
    }

    /// Whether nobody can be paid any more.
    pub fn is_over(&self, now: i64) -> bool {
        now >= self.expires_at || self.payments_left() == 0
    }
}
