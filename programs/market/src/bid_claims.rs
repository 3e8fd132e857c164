use anchor_lang::prelude::*;

use crate::constants::MAX_CLAIMS;
use crate::error::MarketError;
use crate::state::{add, place_claims, Bid, CapacityClaim, CapacityClaimStatus, Direction, Lot};

/// Writes into a bid the claims that would serve it, after checking each against the lot. Whether the
/// capacity is still free is checked again when the contract is made.
pub(crate) fn place_bid_claims<'info>(
    bid: &mut Bid,
    lot: &Lot,
    shares: &[u64; MAX_CLAIMS],
    accounts: &'info [AccountInfo<'info>],
) -> Result<()> {
    let mut claims = Vec::with_capacity(MAX_CLAIMS);
    let mut nodes = Vec::new();
    let mut sum = 0;
    for (info, share) in accounts.iter().zip(shares) {
        let claim = Box::new(Account::<CapacityClaim>::try_from(info)?);
        require!(!claims.contains(info.key), MarketError::ClaimDuplicate);
        check_claim(&claim, bid, lot)?;
        require!(*share <= claim.free(), MarketError::ClaimExhausted);
        claims.push(*info.key);
        nodes.extend_from_slice(claim.node.as_ref());
        sum = add(sum, *share)?;
    }
    require!(
        claims.len() == accounts.len(),
        MarketError::ClaimCountInvalid
    );
    (bid.claims, bid.claim_count) = place_claims(&claims)?;
    let unused = shares.iter().skip(claims.len());
    require!(
        sum == bid.kilobits_per_second && unused.into_iter().all(|share| *share == 0),
        MarketError::SharesMismatch
    );
    bid.claim_shares = *shares;
    bid.node_set_hash = protocol_core::sha256(&[&nodes]);
    Ok(())
}

fn check_claim(claim: &CapacityClaim, bid: &Bid, lot: &Lot) -> Result<()> {
    require_keys_eq!(
        claim.participant,
        bid.bidder,
        MarketError::ClaimOfAnotherParticipant
    );
    require!(
        claim.status == CapacityClaimStatus::Active,
        MarketError::ClaimNotActive
    );
    require!(
        claim.direction == Direction::Egress,
        MarketError::ClaimNotEgress
    );
    require!(
        claim.footprint.to_core().covers(&lot.footprint.to_core()),
        MarketError::FootprintNotCovered
    );
    require!(
        lot.delivery_methods & !claim.methods() == 0,
        MarketError::MethodNotClaimed
    );
    // The clearing price is never below a winner's own.
    require!(
        bid.price_per_gigabyte >= claim.price_floor_per_gigabyte,
        MarketError::PriceBelowFloor
    );
    require!(
        claim.valid_from <= lot.genesis_at && lot.ends_at()? <= claim.valid_until,
        MarketError::ClaimNotValidThroughout
    );
    Ok(())
}
