use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{Participant, ParticipantStatus};

use crate::auction_events::BidDepositReleased;
use crate::constants::{BID_SEED, LOT_SEED};
use crate::error::MarketError;
use crate::escrow::Escrow;
use crate::state::{Bid, DepositOwner, Lot};

#[event_cpi]
#[derive(Accounts)]
pub struct ReleaseBidDeposit<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        mut,
        seeds = [LOT_SEED, lot.content_provider.as_ref(), &lot.nonce.to_le_bytes()],
        bump = lot.bump,
        has_one = content_provider @ MarketError::NotContentProvider,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub lot: Box<Account<'info, Lot>>,
    #[account(
        mut,
        close = rent_payer,
        seeds = [BID_SEED, bid.lot.as_ref(), bid.bidder.as_ref()],
        bump = bid.bump,
        has_one = lot @ MarketError::WrongBid,
        has_one = bidder @ MarketError::WrongBid,
        has_one = rent_payer @ MarketError::WrongRentPayer
    )]
    pub bid: Box<Account<'info, Bid>>,
    pub content_provider: Box<Account<'info, Participant>>,
    pub bidder: Box<Account<'info, Participant>>,
    /// CHECK: compared with the owner of the side to whom the deposit is due; only its token account is used.
    pub recipient: UncheckedAccount<'info>,
    /// CHECK: compared with the key that paid the rent; it only receives lamports.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = recipient,
        associated_token::token_program = token_program
    )]
    pub recipient_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

impl ReleaseBidDeposit<'_> {
    fn validate(&self, now: i64) -> Result<DepositOwner> {
        let buyer_active = self.content_provider.status == ParticipantStatus::Active;
        let due = self.bid.deposit_owner(&self.lot, buyer_active, now)?;
        let owner = match due {
            DepositOwner::Bidder => self.bidder.owner,
            DepositOwner::ContentProvider => self.content_provider.owner,
        };
        require_keys_eq!(self.recipient.key(), owner, MarketError::WrongRecipient);
        Ok(due)
    }

    fn pay(&self, amount: u64) -> Result<()> {
        let nonce = self.lot.nonce.to_le_bytes();
        let escrow = Escrow {
            authority: self.lot.to_account_info(),
            seeds: &[
                LOT_SEED,
                self.lot.content_provider.as_ref(),
                &nonce,
                std::slice::from_ref(&self.lot.bump),
            ],
            vault: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        };
        escrow.pay(&self.recipient_token_account, amount)
    }
}

pub fn handle_release_bid_deposit(ctx: Context<ReleaseBidDeposit>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let deposit_owner = accounts.validate(Clock::get()?.unix_timestamp)?;
    let amount = accounts.bid.deposit;
    accounts.lot.release()?;
    accounts.lot.invariant()?;
    accounts.pay(amount)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(BidDepositReleased {
        lot: accounts.lot.key(),
        bid: accounts.bid.key(),
        bidder: accounts.bidder.key(),
        deposit_owner,
        recipient: accounts.recipient.key(),
        amount,
    });
    Ok(())
}
