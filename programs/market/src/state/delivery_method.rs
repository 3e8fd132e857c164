use anchor_lang::prelude::*;

use crate::constants::KIND_COUNT;
use crate::error::MarketError;

pub const UNICAST: u8 = 1;
pub const MULTICAST: u8 = 1 << 1;
pub const ALL_METHODS: u8 = UNICAST | MULTICAST;

/// The method by which each kind of delivery reaches its viewers.
pub const METHOD_OF_KIND: [u8; KIND_COUNT] = [UNICAST, UNICAST, MULTICAST];

/// The methods of an account; accounts older than the field hold 0 and could do unicast only.
pub fn stored_methods(bits: u8) -> u8 {
    if bits == 0 {
        UNICAST
    } else {
        bits
    }
}

/// At least one method, and none that is unknown.
pub fn check_methods(bits: u8) -> Result<()> {
    require!(
        bits != 0 && bits & !ALL_METHODS == 0,
        MarketError::DeliveryMethodsInvalid
    );
    Ok(())
}

/// A kind that nobody can deliver must not be priced.
pub fn check_prices(prices: &[u64; KIND_COUNT], methods: u8) -> Result<()> {
    let deliverable = prices
        .iter()
        .zip(METHOD_OF_KIND)
        .all(|(price, method)| *price == 0 || methods & method != 0);
    require!(deliverable, MarketError::PriceWithoutMethod);
    Ok(())
}

/// One price for every kind that the methods can deliver.
pub fn uniform_prices(price: u64, methods: u8) -> [u64; KIND_COUNT] {
    METHOD_OF_KIND.map(|method| if methods & method == 0 { 0 } else { price })
}
