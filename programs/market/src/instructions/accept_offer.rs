use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{
    program::Registry, Config, Participant, CONFIG_SEED, MARKET_AUTHORITY_AND_BUMP,
    MAX_KILOBITS_PER_SECOND,
};

use crate::claim_pairs::ClaimPairs;
use crate::constants::{
    CONTRACT_SEED, MAX_CLAIMS, MAX_EPOCH_COUNT, MAX_GENESIS_LEAD_SECS, VAULT_SEED,
};
use crate::error::MarketError;
use crate::events::ContractProposed;
use crate::registry_cpi::RegistryCpi;
use crate::state::{add, Contract, ContractState, Offer, CONTRACT_VERSION};

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

impl<'info> AcceptOffer<'info> {
    fn validate(&self, args: &AcceptOfferArgs, now: i64) -> Result<()> {
        let cap = args.committed_kilobits_per_second..=MAX_KILOBITS_PER_SECOND;
        require!(
            cap.contains(&args.cap_kilobits_per_second),
            MarketError::CapInvalid
        );
        let epochs = self.offer.min_epochs..=MAX_EPOCH_COUNT;
        require!(
            epochs.contains(&args.epoch_count),
            MarketError::EpochCountInvalid
        );
        let genesis = now..=now.saturating_add(MAX_GENESIS_LEAD_SECS);
        require!(
            genesis.contains(&args.genesis_at),
            MarketError::GenesisInvalid
        );
        require_keys_neq!(args.issuer, Pubkey::default(), MarketError::IssuerMissing);
        let (used, unused) = args
            .claim_shares
            .split_at_checked(usize::from(self.offer.claim_count))
            .ok_or(MarketError::InvariantBroken)?;
        let sum = used.iter().try_fold(0, |sum, share| add(sum, *share))?;
        require!(
            sum == args.committed_kilobits_per_second && unused.iter().all(|share| *share == 0),
            MarketError::SharesMismatch
        );
        Ok(())
    }

    fn write_contract(&mut self, args: &AcceptOfferArgs, bump: u8) {
        let contract = &mut self.contract;
        contract.version = CONTRACT_VERSION;
        contract.bump = bump;
        contract.content_provider = self.content_provider.key();
        contract.seller = self.seller.key();
        contract.nonce = args.nonce;
        contract.offer = self.offer.key();
        contract.token_program = self.token_program.key();
        contract.vault = self.vault.key();
        contract.issuer = [args.issuer, Pubkey::default()];
        contract.issuer_from_epoch = [0, 0];
        contract.genesis_at = args.genesis_at;
        contract.epoch_count = args.epoch_count;
        contract.committed_kilobits_per_second = args.committed_kilobits_per_second;
        contract.cap_kilobits_per_second = args.cap_kilobits_per_second;
        contract.claim_shares = args.claim_shares;
        contract.state = ContractState::Proposed;
        contract.rent_payer = self.payer.key();
        contract.copy_terms(&self.offer);
    }

    fn registry_cpi(&self) -> RegistryCpi<'info> {
        RegistryCpi {
            market_authority: self.market_authority.to_account_info(),
            registry_program: self.registry_program.to_account_info(),
            registry_event_authority: self.registry_event_authority.to_account_info(),
        }
    }
}

pub fn handle_accept_offer<'info>(
    ctx: Context<'info, AcceptOffer<'info>>,
    args: AcceptOfferArgs,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.validate(&args, now)?;
    let offer_remaining_before = accounts.offer.remaining_kilobits_per_second;
    accounts
        .offer
        .take(args.committed_kilobits_per_second, now)?;
    accounts.offer.invariant()?;
    accounts.write_contract(&args, ctx.bumps.contract);
    let params_hash = accounts.config.params.hash()?;
    accounts.contract.copy_params(&accounts.config, params_hash);
    accounts.contract.invariant(accounts.vault.amount)?;

    let registry = accounts.registry_cpi();
    registry.begin_contract(
        accounts.content_provider.to_account_info(),
        accounts.seller.to_account_info(),
        args.nonce,
    )?;
    let contract = &accounts.contract;
    ClaimPairs::new(contract, ctx.remaining_accounts)?.reserve(
        &registry,
        contract.genesis_at,
        contract.ends_at()?,
    )?;
    let accounts = &*ctx.accounts;
    let contract = &accounts.contract;
    emit_cpi!(ContractProposed {
        contract: contract.key(),
        content_provider: contract.content_provider,
        seller: contract.seller,
        offer: contract.offer,
        committed_kilobits_per_second: contract.committed_kilobits_per_second,
        cap_kilobits_per_second: contract.cap_kilobits_per_second,
        offer_remaining_before,
        offer_remaining_after: accounts.offer.remaining_kilobits_per_second,
        genesis_at: contract.genesis_at,
        epoch_length_secs: contract.epoch_length_secs,
        epoch_count: contract.epoch_count,
        reserve: contract.reserve(now)?,
        params_hash,
    });
    Ok(())
}
