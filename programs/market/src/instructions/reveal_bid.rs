use anchor_lang::prelude::*;
use registry::Participant;

use crate::auction_events::BidRevealed;
use crate::bid_claims::place_bid_claims;
use crate::constants::{BID_SEED, LOT_SEED, MAX_CLAIMS};
use crate::error::MarketError;
use crate::state::{compute_bid_commitment, Bid, BidStatus, Lot, Standing};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct RevealBidArgs {
    pub price_per_gigabyte: u64,
    pub kilobits_per_second: u64,
    pub salt: [u8; 16],
    /// Kilobits per second on each claim, which add up to the quantity; unused places are 0.
    pub claim_shares: [u64; MAX_CLAIMS],
}

/// Remaining accounts: one to four capacity claims of the bidder, in the order in which they would serve.
#[event_cpi]
#[derive(Accounts)]
pub struct RevealBid<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub bidder: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [LOT_SEED, lot.content_provider.as_ref(), &lot.nonce.to_le_bytes()],
        bump = lot.bump
    )]
    pub lot: Box<Account<'info, Lot>>,
    #[account(
        mut,
        seeds = [BID_SEED, bid.lot.as_ref(), bid.bidder.as_ref()],
        bump = bid.bump,
        has_one = lot @ MarketError::WrongBid,
        has_one = bidder @ MarketError::WrongBid
    )]
    pub bid: Box<Account<'info, Bid>>,
}

impl RevealBid<'_> {
    fn validate(&self, args: &RevealBidArgs) -> Result<()> {
        require!(
            self.bid.status == BidStatus::Committed,
            MarketError::BidRevealed
        );
        let commitment = compute_bid_commitment(
            &self.lot.key(),
            &self.bidder.key(),
            args.price_per_gigabyte,
            args.kilobits_per_second,
            &args.salt,
        );
        require!(
            commitment == self.bid.commitment,
            MarketError::CommitmentMismatch
        );
        Ok(())
    }
}

pub fn handle_reveal_bid<'info>(
    ctx: Context<'info, RevealBid<'info>>,
    args: RevealBidArgs,
) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate(&args)?;
    let key = accounts.lot.key();
    let standing = Standing {
        bidder: accounts.bidder.key(),
        price_per_gigabyte: args.price_per_gigabyte,
        kilobits_per_second: args.kilobits_per_second,
        awarded_kilobits_per_second: 0,
    };
    let now = Clock::get()?.unix_timestamp;
    accounts.lot.reveal(standing, &key, &args.salt, now)?;
    accounts.lot.invariant()?;
    let bid = &mut accounts.bid;
    bid.status = BidStatus::Revealed;
    bid.price_per_gigabyte = args.price_per_gigabyte;
    bid.kilobits_per_second = args.kilobits_per_second;
    place_bid_claims(
        bid,
        &accounts.lot,
        &args.claim_shares,
        ctx.remaining_accounts,
    )?;
    emit_cpi!(BidRevealed {
        lot: key,
        bid: ctx.accounts.bid.key(),
        bidder: standing.bidder,
        price_per_gigabyte: args.price_per_gigabyte,
        kilobits_per_second: args.kilobits_per_second,
        salt: args.salt,
        salts_after: ctx.accounts.lot.salts,
    });
    Ok(())
}
