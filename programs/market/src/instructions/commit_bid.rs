use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{Participant, ParticipantKind, ParticipantStatus, ACCOUNT_VERSION, RESERVED_BYTES};

use crate::auction_events::BidCommitted;
use crate::constants::{BID_SEED, LOT_SEED, MAX_CLAIMS};
use crate::error::MarketError;
use crate::escrow::deposit;
use crate::state::{Bid, BidStatus, Lot};

#[event_cpi]
#[derive(Accounts)]
pub struct CommitBid<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub bidder: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [LOT_SEED, lot.content_provider.as_ref(), &lot.nonce.to_le_bytes()],
        bump = lot.bump,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub lot: Box<Account<'info, Lot>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Bid::INIT_SPACE,
        seeds = [BID_SEED, lot.key().as_ref(), bidder.key().as_ref()],
        bump
    )]
    pub bid: Box<Account<'info, Bid>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        mut,
        token::mint = mint,
        token::authority = owner,
        token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub system_program: Program<'info, System>,
}

impl CommitBid<'_> {
    fn validate(&self) -> Result<()> {
        require!(
            self.bidder.kind == ParticipantKind::Seller,
            MarketError::NotSeller
        );
        require!(
            self.bidder.status == ParticipantStatus::Active,
            MarketError::ParticipantNotActive
        );
        // Its stake must be in what it would be paid in.
        require_keys_eq!(
            self.bidder.stake_mint,
            self.lot.mint,
            MarketError::BidderMintWrong
        );
        Ok(())
    }
}

pub fn handle_commit_bid(ctx: Context<CommitBid>, commitment: [u8; 32]) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate()?;
    accounts.lot.admit(Clock::get()?.unix_timestamp)?;
    accounts.lot.invariant()?;
    let amount = accounts.lot.bid_deposit;
    accounts.bid.set_inner(Bid {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.bid,
        lot: accounts.lot.key(),
        bidder: accounts.bidder.key(),
        rent_payer: accounts.payer.key(),
        commitment,
        deposit: amount,
        status: BidStatus::Committed,
        price_per_gigabyte: 0,
        kilobits_per_second: 0,
        claims: [Pubkey::default(); MAX_CLAIMS],
        claim_shares: [0; MAX_CLAIMS],
        claim_count: 0,
        node_set_hash: [0; 32],
        contract: Pubkey::default(),
        reserved: [0; RESERVED_BYTES],
    });
    deposit(
        &accounts.owner_token_account,
        &accounts.vault,
        &accounts.owner,
        &accounts.mint,
        &accounts.token_program,
        amount,
    )?;
    let accounts = &*ctx.accounts;
    emit_cpi!(BidCommitted {
        lot: accounts.lot.key(),
        bid: accounts.bid.key(),
        bidder: accounts.bidder.key(),
        commitment,
        deposit: amount,
        bid_count: accounts.lot.bid_count,
    });
    Ok(())
}
