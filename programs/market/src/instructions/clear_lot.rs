use anchor_lang::prelude::*;

use crate::auction_events::LotCleared;
use crate::constants::{LOT_SEED, PRICE_HISTORY_SEED};
use crate::error::MarketError;
use crate::state::{compute_market_key, Clearing, Lot, PriceHistory};

#[event_cpi]
#[derive(Accounts)]
pub struct ClearLot<'info> {
    #[account(
        mut,
        seeds = [LOT_SEED, lot.content_provider.as_ref(), &lot.nonce.to_le_bytes()],
        bump = lot.bump
    )]
    pub lot: Box<Account<'info, Lot>>,
    #[account(
        mut,
        seeds = [
            PRICE_HISTORY_SEED,
            &compute_market_key(
                &price_history.footprint,
                price_history.delivery_methods,
                &price_history.mint
            )
        ],
        bump = price_history.bump
    )]
    pub price_history: Box<Account<'info, PriceHistory>>,
}

impl ClearLot<'_> {
    fn validate(&self) -> Result<()> {
        let (lot, history) = (&self.lot, &self.price_history);
        require!(
            lot.footprint == history.footprint
                && lot.delivery_methods == history.delivery_methods
                && lot.mint == history.mint,
            MarketError::WrongPriceHistory
        );
        Ok(())
    }
}

pub fn handle_clear_lot(ctx: Context<ClearLot>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.validate()?;
    let key = accounts.lot.key();
    let lot = &mut accounts.lot;
    lot.clear(&key, now)?;
    lot.invariant()?;
    // A lot in which nothing was sold has no price.
    if lot.awarded_kilobits_per_second > 0 {
        accounts.price_history.record(Clearing {
            price_per_gigabyte: lot.clearing_price_per_gigabyte,
            kilobits_per_second: lot.awarded_kilobits_per_second,
            at: now,
        })?;
    }
    let lot = &ctx.accounts.lot;
    emit_cpi!(LotCleared {
        lot: key,
        seed: lot.seed(&key),
        clearing_price_per_gigabyte: lot.clearing_price_per_gigabyte,
        awarded_kilobits_per_second: lot.awarded_kilobits_per_second,
        bid_count: lot.bid_count,
        revealed_count: u32::try_from(lot.standings.len())
            .map_err(|_| MarketError::AmountOverflow)?,
        price_history: ctx.accounts.price_history.key(),
    });
    Ok(())
}
