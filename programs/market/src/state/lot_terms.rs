use anchor_lang::prelude::*;
use protocol_core::{compute_max_epoch_gross, compute_reserve};
use registry::MAX_KILOBITS_PER_SECOND;

use crate::constants::{
    MAX_CAP_BASIS_POINTS, MAX_EPOCH_COUNT, MAX_GENESIS_LEAD_SECS, MIN_CAP_BASIS_POINTS,
    MIN_LOT_UNITS,
};
use crate::error::MarketError;
use crate::state::{check_methods, Lot};

impl Lot {
    /// Checks what the content provider asks for.
    pub fn validate(&self, now: i64) -> Result<()> {
        self.footprint.validate()?;
        check_methods(self.delivery_methods)?;
        self.validate_size()?;
        self.validate_times(now)?;
        let cap_allowed = MIN_CAP_BASIS_POINTS..=MAX_CAP_BASIS_POINTS;
        require!(
            cap_allowed.contains(&self.cap_basis_points),
            MarketError::CapShareInvalid
        );
        require!(
            (1..=MAX_EPOCH_COUNT).contains(&self.epoch_count),
            MarketError::EpochCountInvalid
        );
        require!(self.reserve_price_per_gigabyte > 0, MarketError::PriceZero);
        require!(self.bid_deposit > 0, MarketError::AmountZero);
        require_keys_neq!(self.issuer, Pubkey::default(), MarketError::IssuerMissing);
        self.sla.validate()
    }

    fn validate_size(&self) -> Result<()> {
        let (quantity, unit) = (self.kilobits_per_second, self.unit_kilobits_per_second);
        let whole = quantity.checked_rem(unit) == Some(0);
        let units = quantity.checked_div(unit).unwrap_or(0);
        require!(
            whole && units >= MIN_LOT_UNITS && self.cap(quantity)? <= MAX_KILOBITS_PER_SECOND,
            MarketError::LotSizeInvalid
        );
        Ok(())
    }

    /// Each phase lasts an epoch at least: who sets the times must not leave the others none.
    fn validate_times(&self, now: i64) -> Result<()> {
        let least = i64::from(self.epoch_length_secs);
        let latest = now.saturating_add(MAX_GENESIS_LEAD_SECS);
        let ordered = now.saturating_add(least) <= self.commit_ends_at
            && self.commit_ends_at.saturating_add(least) <= self.reveal_ends_at
            && self.reveal_ends_at.saturating_add(least) <= self.genesis_at
            && self.genesis_at <= latest;
        require!(ordered, MarketError::LotTimesInvalid);
        Ok(())
    }

    /// A contract whose reserve overflows could not be made: its winner would lose the deposit for it.
    pub fn validate_reserve(&self, prefund_epochs: u16) -> Result<()> {
        let dearest = compute_max_epoch_gross(
            self.cap(self.most_per_bidder())?,
            self.epoch_length_secs,
            self.reserve_price_per_gigabyte,
            0,
        );
        dearest
            .and_then(|gross| compute_reserve(prefund_epochs, gross, 0))
            .map_err(|_| MarketError::AmountOverflow)?;
        Ok(())
    }
}
