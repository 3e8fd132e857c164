use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{
    program::Registry, Config, Participant, CONFIG_SEED, MARKET_AUTHORITY_AND_BUMP,
    PAUSE_NEW_CONTRACTS,
};

use crate::constants::{CONTRACT_SEED, MAX_CLAIMS, VAULT_SEED};
use crate::error::MarketError;
use crate::open_contract::{bind_contract, contract_proposed, Opening};
use crate::registry_cpi::registry_accounts;
use crate::state::{Contract, Offer};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct AcceptOfferArgs {
    /// Must exceed every nonce this content provider has used.
    pub nonce: u64,
    pub committed_kilobits_per_second: u64,
    pub cap_kilobits_per_second: u64,
    /// Kilobits per second on each of the offer's claims, in their order; unused places are 0.
    pub claim_shares: [u64; MAX_CLAIMS],
    pub epoch_count: u32,
    pub genesis_at: i64,
    /// Key that signs viewers' tokens from epoch 0 on.
    pub issuer: Pubkey,
    /// Whether only capacity within an unexpired bandwidth proof may be bought; an offer may insist on it too.
    pub verified_only: bool,
}

/// Remaining accounts: for each of the offer's claims, in its order, the claim and its node (both writable).
#[event_cpi]
#[derive(Accounts)]
#[instruction(args: AcceptOfferArgs)]
pub struct AcceptOffer<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ MarketError::NotOwner)]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(mut)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        constraint = offer.participant == seller.key() @ MarketError::OfferOfAnotherParticipant,
        has_one = mint @ MarketError::WrongMint
    )]
    pub offer: Box<Account<'info, Offer>>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump, seeds::program = registry::ID)]
    pub config: Box<Account<'info, Config>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Contract::INIT_SPACE,
        seeds = [
            CONTRACT_SEED,
            content_provider.key().as_ref(),
            seller.key().as_ref(),
            &args.nonce.to_le_bytes()
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

registry_accounts!(AcceptOffer);

impl<'info> AcceptOffer<'info> {
    /// Writes the contract under the offer's terms.
    fn open(&mut self, args: &AcceptOfferArgs, bump: u8, now: i64) -> Result<()> {
        require!(
            !self.config.is_paused(PAUSE_NEW_CONTRACTS, now),
            MarketError::NewContractsPaused
        );
        let opening = Opening {
            content_provider: self.content_provider.key(),
            seller: self.seller.key(),
            nonce: args.nonce,
            source: self.offer.key(),
            terms: &self.offer,
            config: &self.config,
            token_program: self.token_program.key(),
            vault: self.vault.key(),
            rent_payer: self.payer.key(),
            issuer: args.issuer,
            genesis_at: args.genesis_at,
            epoch_count: args.epoch_count,
            committed_kilobits_per_second: args.committed_kilobits_per_second,
            cap_kilobits_per_second: args.cap_kilobits_per_second,
            claim_shares: args.claim_shares,
        };
        opening.validate(now)?;
        opening.write(&mut self.contract, bump)?;
        self.contract.invariant(self.vault.amount)
    }
}

pub fn handle_accept_offer<'info>(
    ctx: Context<'info, AcceptOffer<'info>>,
    args: AcceptOfferArgs,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.open(&args, ctx.bumps.contract, now)?;
    let remaining_before = accounts.offer.remaining_kilobits_per_second;
    accounts
        .offer
        .take(args.committed_kilobits_per_second, now)?;
    accounts.offer.invariant()?;

    let verified_only = args.verified_only || accounts.offer.verified_only;
    let sides = (
        accounts.content_provider.to_account_info(),
        accounts.seller.to_account_info(),
    );
    bind_contract(
        &accounts.contract,
        &accounts.registry_cpi(),
        sides,
        ctx.remaining_accounts,
        verified_only,
    )?;
    let accounts = &*ctx.accounts;
    let remaining_after = accounts.offer.remaining_kilobits_per_second;
    let (key, remaining) = (accounts.contract.key(), (remaining_before, remaining_after));
    let event = contract_proposed(key, &accounts.contract, remaining, verified_only, now)?;
    emit_cpi!(event);
    Ok(())
}
