use anchor_lang::prelude::*;
use protocol_core::sha256;

use crate::constants::{BID_DOMAIN, MAX_CLAIMS, MAX_SPLITS};
use crate::error::MarketError;
use crate::state::{
    uniform_prices, Lot, LotStatus, Offer, OfferStatus, Split, OFFER_RESERVED_BYTES,
};
use registry::{ACCOUNT_VERSION, RESERVED_BYTES};

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BidStatus {
    Committed,
    Revealed,
    /// Its contract exists.
    Awarded,
}

/// To whom a deposit is due.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepositOwner {
    Bidder,
    ContentProvider,
}

/// One seller's sealed bid for a lot, at `["bid", lot, bidder]`.
#[account]
#[derive(InitSpace)]
pub struct Bid {
    pub version: u8,
    pub bump: u8,
    pub lot: Pubkey,
    /// Participant account of the seller.
    pub bidder: Pubkey,
    pub rent_payer: Pubkey,
    /// SHA-256 that hides price and quantity until they are revealed.
    pub commitment: [u8; 32],
    pub deposit: u64,
    pub status: BidStatus,
    pub price_per_gigabyte: u64,
    pub kilobits_per_second: u64,
    /// What the bid would be served from, in the order in which it is used.
    pub claims: [Pubkey; MAX_CLAIMS],
    pub claim_shares: [u64; MAX_CLAIMS],
    pub claim_count: u8,
    /// SHA-256 over the node addresses of the claims, in their order.
    pub node_set_hash: [u8; 32],
    /// The contract that the bid has led to.
    pub contract: Pubkey,
    pub reserved: [u8; RESERVED_BYTES],
}

/// `SHA256("OCM/bid/v1" | lot | bidder | price u64 | quantity u64 | salt)` (protocol 6.13).
pub fn compute_bid_commitment(
    lot: &Pubkey,
    bidder: &Pubkey,
    price_per_gigabyte: u64,
    kilobits_per_second: u64,
    salt: &[u8; 16],
) -> [u8; 32] {
    sha256(&[
        BID_DOMAIN,
        lot.as_ref(),
        bidder.as_ref(),
        &price_per_gigabyte.to_le_bytes(),
        &kilobits_per_second.to_le_bytes(),
        salt,
    ])
}

impl Bid {
    /// Who may have the deposit now. A silent content provider keeps nobody's: without clearing, what was
    /// revealed goes back at genesis; and a winner loses it only while its buyer could still contract.
    pub fn deposit_owner(
        &self,
        lot: &Lot,
        content_provider_active: bool,
        now: i64,
    ) -> Result<DepositOwner> {
        let bound = |until: i64, owner| {
            require!(now >= until, MarketError::DepositBound);
            Ok(owner)
        };
        match (self.status, lot.status) {
            (BidStatus::Awarded, _) => Ok(DepositOwner::Bidder),
            (BidStatus::Committed, _) => bound(lot.reveal_ends_at, DepositOwner::ContentProvider),
            (BidStatus::Revealed, LotStatus::Open) => bound(lot.genesis_at, DepositOwner::Bidder),
            (BidStatus::Revealed, LotStatus::Cleared) if lot.awarded_to(&self.bidder) == 0 => {
                Ok(DepositOwner::Bidder)
            }
            (BidStatus::Revealed, LotStatus::Cleared) if content_provider_active => {
                bound(lot.genesis_at, DepositOwner::ContentProvider)
            }
            (BidStatus::Revealed, LotStatus::Cleared) => {
                bound(lot.genesis_at, DepositOwner::Bidder)
            }
        }
    }

    /// The bid's shares cut down to what was awarded: its first claims serve first.
    pub fn cut_shares(&self, awarded: u64) -> [u64; MAX_CLAIMS] {
        let mut left = awarded;
        self.claim_shares.map(|share| {
            let kept = share.min(left);
            left = left.saturating_sub(kept);
            kept
        })
    }

    /// The award as an offer made to measure: contracts of lots and of posted offers are the same thing.
    pub fn to_offer(&self, lot: &Lot, payout: Pubkey, awarded: u64) -> Box<Offer> {
        let mut splits = [Split::default(); MAX_SPLITS];
        if let Some(first) = splits.first_mut() {
            *first = Split {
                payee: payout,
                basis_points: registry::BASIS_POINTS,
            };
        }
        Box::new(Offer {
            version: ACCOUNT_VERSION,
            bump: 0,
            participant: self.bidder,
            index: 0,
            claims: self.claims,
            claim_count: self.claim_count,
            node_set_hash: self.node_set_hash,
            price_per_gigabyte: uniform_prices(
                lot.clearing_price_per_gigabyte,
                lot.delivery_methods,
            ),
            commit_fee_per_epoch: 0,
            min_kilobits_per_second: awarded,
            max_kilobits_per_second: awarded,
            remaining_kilobits_per_second: 0,
            min_epochs: 1,
            mint: lot.mint,
            epoch_length_secs: lot.epoch_length_secs,
            sla: lot.sla,
            splits,
            split_count: 1,
            expires_at: lot.genesis_at,
            status: OfferStatus::Withdrawn,
            delivery_methods: lot.delivery_methods,
            verified_only: lot.verified_only,
            reserved: [0; OFFER_RESERVED_BYTES],
        })
    }
}
