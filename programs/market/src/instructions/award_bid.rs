use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{program::Registry, Config, Participant, CONFIG_SEED, MARKET_AUTHORITY_AND_BUMP};

use crate::auction_events::BidAwarded;
use crate::constants::{BID_SEED, CONTRACT_SEED, LOT_SEED, VAULT_SEED};
use crate::error::MarketError;
use crate::open_contract::{bind_contract, contract_proposed, Opening};
use crate::registry_cpi::registry_accounts;
use crate::state::{Bid, BidStatus, Contract, Lot};

/// Remaining accounts: for each of the bid's claims, in its order, the claim and its node (both writable).
#[event_cpi]
#[derive(Accounts)]
pub struct AwardBid<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut)]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(mut)]
    pub bidder: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [LOT_SEED, lot.content_provider.as_ref(), &lot.nonce.to_le_bytes()],
        bump = lot.bump,
        has_one = content_provider @ MarketError::NotContentProvider,
        has_one = mint @ MarketError::WrongMint
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
    #[account(seeds = [CONFIG_SEED], bump = config.bump, seeds::program = registry::ID)]
    pub config: Box<Account<'info, Config>>,
    // The next nonce, not a chosen one: a stranger must not use the content provider's nonces up.
    #[account(
        init,
        payer = payer,
        space = 8 + Contract::INIT_SPACE,
        seeds = [
            CONTRACT_SEED,
            content_provider.key().as_ref(),
            bidder.key().as_ref(),
            &content_provider.next_contract_nonce.to_le_bytes()
        ],
        bump
    )]
    pub contract: Box<Account<'info, Contract>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        init,
        payer = payer,
        seeds = [VAULT_SEED, contract.key().as_ref()],
        bump,
        token::mint = mint,
        token::authority = contract,
        token::token_program = token_program
    )]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0)]
    pub market_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    pub system_program: Program<'info, System>,
}

registry_accounts!(AwardBid);

impl<'info> AwardBid<'info> {
    /// Writes the contract: the lot's terms, the clearing price, the winner's claims.
    fn open(&mut self, awarded: u64, bump: u8, now: i64) -> Result<()> {
        let terms = self.bid.to_offer(&self.lot, self.bidder.payout, awarded);
        let opening = Opening {
            content_provider: self.content_provider.key(),
            seller: self.bidder.key(),
            nonce: self.content_provider.next_contract_nonce,
            source: self.bid.key(),
            terms: &terms,
            config: &self.config,
            token_program: self.token_program.key(),
            vault: self.vault.key(),
            rent_payer: self.payer.key(),
            issuer: self.lot.issuer,
            genesis_at: self.lot.genesis_at,
            epoch_count: self.lot.epoch_count,
            committed_kilobits_per_second: awarded,
            cap_kilobits_per_second: self.lot.cap(awarded)?,
            claim_shares: self.bid.cut_shares(awarded),
        };
        opening.validate(now)?;
        opening.write(&mut self.contract, bump)?;
        self.contract.invariant(self.vault.amount)
    }
}

pub fn handle_award_bid<'info>(ctx: Context<'info, AwardBid<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let bidder = accounts.bidder.key();
    let awarded = accounts.lot.take_award(&bidder, now)?;
    accounts.lot.invariant()?;
    accounts.open(awarded, ctx.bumps.contract, now)?;
    accounts.bid.status = BidStatus::Awarded;
    accounts.bid.contract = accounts.contract.key();

    let sides = (
        accounts.content_provider.to_account_info(),
        accounts.bidder.to_account_info(),
    );
    bind_contract(
        &accounts.contract,
        &accounts.registry_cpi(),
        sides,
        ctx.remaining_accounts,
        accounts.lot.verified_only,
    )?;
    let accounts = &*ctx.accounts;
    let verified_only = accounts.lot.verified_only;
    emit_cpi!(contract_proposed(
        accounts.contract.key(),
        &accounts.contract,
        (awarded, 0),
        verified_only,
        now
    )?);
    emit_cpi!(BidAwarded {
        lot: accounts.lot.key(),
        bid: accounts.bid.key(),
        bidder,
        contract: accounts.contract.key(),
        awarded_kilobits_per_second: awarded,
        price_per_gigabyte: accounts.lot.clearing_price_per_gigabyte,
    });
    Ok(())
}
