use anchor_lang::prelude::*;
use protocol_core::sha256;

use crate::constants::PRICE_HISTORY_LENGTH;
use crate::error::MarketError;
use crate::state::Footprint;
use registry::RESERVED_BYTES;

/// One cleared lot.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct Clearing {
    pub price_per_gigabyte: u64,
    pub kilobits_per_second: u64,
    /// Unix seconds.
    pub at: i64,
}

/// The last clearings of one market: a footprint, the methods of delivery and the mint, at
/// `["price", market key]`. It is told, not trusted: whoever bids against itself writes prices too.
#[account]
#[derive(InitSpace)]
pub struct PriceHistory {
    pub version: u8,
    pub bump: u8,
    pub footprint: Footprint,
    pub delivery_methods: u8,
    pub mint: Pubkey,
    /// Clearings ever recorded; the next is written at `count % 32`.
    pub count: u64,
    pub clearings: [Clearing; PRICE_HISTORY_LENGTH],
    pub reserved: [u8; RESERVED_BYTES],
}

/// Names a market: prices of other places, methods or mints are not compared with its own.
pub fn compute_market_key(footprint: &Footprint, delivery_methods: u8, mint: &Pubkey) -> [u8; 32] {
    sha256(&[
        &[footprint.kind, footprint.prefix_length],
        &footprint.value,
        &[delivery_methods],
        mint.as_ref(),
    ])
}

impl PriceHistory {
    /// Writes a clearing over the oldest.
    pub fn record(&mut self, clearing: Clearing) -> Result<()> {
        let length =
            u64::try_from(PRICE_HISTORY_LENGTH).map_err(|_| MarketError::AmountOverflow)?;
        let place = self
            .count
            .checked_rem(length)
            .and_then(|place| usize::try_from(place).ok())
            .and_then(|place| self.clearings.get_mut(place))
            .ok_or(MarketError::InvariantBroken)?;
        *place = clearing;
        self.count = self
            .count
            .checked_add(1)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(())
    }
}
