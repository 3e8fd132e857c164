use anchor_lang::prelude::*;
use anchor_lang::Discriminator;

use crate::state::Offer;

/// Gives a contract's rate back to the offer that it was bought from, and returns what is left to sell
/// then. A contract from a lot names the bid that won, to which nothing is given back; bids are closed,
/// offers never are, so what is no offer was a bid.
pub(crate) fn give_back_to_source(source: &AccountInfo, kilobits_per_second: u64) -> Result<u64> {
    if !is_offer(source)? {
        return Ok(0);
    }
    let mut offer = Box::new(Offer::try_deserialize(&mut &source.try_borrow_data()?[..])?);
    offer.give_back(kilobits_per_second)?;
    offer.invariant()?;
    offer.try_serialize(&mut &mut source.try_borrow_mut_data()?[..])?;
    Ok(offer.remaining_kilobits_per_second)
}

fn is_offer(source: &AccountInfo) -> Result<bool> {
    let data = source.try_borrow_data()?;
    Ok(source.owner == &crate::ID && data.starts_with(Offer::DISCRIMINATOR))
}
