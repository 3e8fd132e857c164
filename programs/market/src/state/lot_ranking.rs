use anchor_lang::prelude::*;
use protocol_core::sha256;

use crate::constants::{LOT_SEED_DOMAIN, MAX_BIDS, SALT_DOMAIN};
use crate::error::MarketError;
use crate::state::{add, Lot, LotStatus, Standing};

impl Lot {
    /// Puts a revealed bid into its place. Equal prices keep the order of revelation until the lot is
    /// cleared: what decides between them is not known before the last reveal.
    pub fn reveal(
        &mut self,
        standing: Standing,
        lot: &Pubkey,
        salt: &[u8; 16],
        now: i64,
    ) -> Result<()> {
        require!(
            self.commit_ends_at <= now && now < self.reveal_ends_at,
            MarketError::LotPhaseWrong
        );
        let quantity = standing.kilobits_per_second;
        require!(
            (1..=self.reserve_price_per_gigabyte).contains(&standing.price_per_gigabyte),
            MarketError::BidPriceInvalid
        );
        let whole = quantity.checked_rem(self.unit_kilobits_per_second) == Some(0);
        require!(
            whole && quantity > 0 && quantity <= self.most_per_bidder(),
            MarketError::BidQuantityInvalid
        );
        require!(self.standings.len() < MAX_BIDS, MarketError::LotFull);
        let place = self
            .standings
            .partition_point(|other| other.price_per_gigabyte <= standing.price_per_gigabyte);
        let bidder = standing.bidder;
        self.standings.insert(place, standing);
        let hash = sha256(&[SALT_DOMAIN, lot.as_ref(), bidder.as_ref(), salt]);
        for (mixed, byte) in self.salts.iter_mut().zip(hash) {
            *mixed ^= byte;
        }
        Ok(())
    }

    /// Decides between equal prices. The salts were committed before any other was known: what a bidder
    /// can still choose is whether to reveal, and that costs its deposit.
    pub fn seed(&self, lot: &Pubkey) -> [u8; 32] {
        sha256(&[LOT_SEED_DOMAIN, lot.as_ref(), &self.salts])
    }

    /// Ranks, awards and prices; every winner gets the price of the first unit that won nothing, or the
    /// reserve price where all won (protocol 6.13).
    pub fn clear(&mut self, lot: &Pubkey, now: i64) -> Result<()> {
        require!(self.status == LotStatus::Open, MarketError::LotCleared);
        require!(
            self.reveal_ends_at <= now && now < self.genesis_at,
            MarketError::LotPhaseWrong
        );
        let seed = self.seed(lot);
        self.standings.sort_by_cached_key(|standing| {
            let tie = sha256(&[&seed, standing.bidder.as_ref()]);
            (standing.price_per_gigabyte, tie)
        });
        let mut left = self.kilobits_per_second;
        let mut price = None;
        for standing in &mut self.standings {
            let awarded = standing.kilobits_per_second.min(left);
            standing.awarded_kilobits_per_second = awarded;
            left = left.saturating_sub(awarded);
            if awarded < standing.kilobits_per_second && price.is_none() {
                price = Some(standing.price_per_gigabyte);
            }
        }
        self.awarded_kilobits_per_second = self.kilobits_per_second.saturating_sub(left);
        self.clearing_price_per_gigabyte = price.unwrap_or(self.reserve_price_per_gigabyte);
        self.cleared_at = now;
        self.status = LotStatus::Cleared;
        Ok(())
    }

    /// What a bidder has won and not concluded yet.
    pub fn awarded_to(&self, bidder: &Pubkey) -> u64 {
        self.standings
            .iter()
            .find(|standing| standing.bidder == *bidder)
            .map_or(0, |standing| standing.awarded_kilobits_per_second)
    }

    /// Takes a winner's award, for the contract that is made of it.
    pub fn take_award(&mut self, bidder: &Pubkey, now: i64) -> Result<u64> {
        require!(
            self.status == LotStatus::Cleared,
            MarketError::LotNotCleared
        );
        require!(now < self.genesis_at, MarketError::LotPhaseWrong);
        let standing = self
            .standings
            .iter_mut()
            .find(|standing| standing.bidder == *bidder)
            .ok_or(MarketError::NothingAwarded)?;
        let awarded = std::mem::take(&mut standing.awarded_kilobits_per_second);
        require!(awarded > 0, MarketError::NothingAwarded);
        Ok(awarded)
    }

    /// The ranking is sorted, and no more is awarded than is bought.
    pub fn invariant(&self) -> Result<()> {
        let sorted = self
            .standings
            .is_sorted_by_key(|standing| standing.price_per_gigabyte);
        let awarded = self.standings.iter().try_fold(0, |sum, standing| {
            add(sum, standing.awarded_kilobits_per_second)
        })?;
        require!(
            sorted
                && awarded <= self.awarded_kilobits_per_second
                && self.awarded_kilobits_per_second <= self.kilobits_per_second
                && self.open_bids <= self.bid_count,
            MarketError::InvariantBroken
        );
        Ok(())
    }
}
