use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{
    Config, Participant, ParticipantKind, ParticipantStatus, ACCOUNT_VERSION, CONFIG_SEED,
    PAUSE_AUCTION,
};

use crate::auction_events::LotCreated;
use crate::constants::{LOT_SEED, VAULT_SEED};
use crate::error::MarketError;
use crate::state::{Footprint, Lot, LotStatus, Sla};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct CreateLotArgs {
    /// Free to choose, once per content provider while the lot stands.
    pub nonce: u64,
    pub footprint: Footprint,
    /// Bits: 1 unicast, 2 multicast.
    pub delivery_methods: u8,
    pub verified_only: bool,
    pub kilobits_per_second: u64,
    pub unit_kilobits_per_second: u64,
    /// Cap of each contract, relative to what it commits.
    pub cap_basis_points: u32,
    pub epoch_count: u32,
    pub epoch_length_secs: u32,
    pub genesis_at: i64,
    pub reserve_price_per_gigabyte: u64,
    pub bid_deposit: u64,
    pub sla: Sla,
    pub issuer: Pubkey,
    pub commit_ends_at: i64,
    pub reveal_ends_at: i64,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateLotArgs)]
pub struct CreateLot<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump, seeds::program = registry::ID)]
    pub config: Box<Account<'info, Config>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Lot::INIT_SPACE,
        seeds = [LOT_SEED, content_provider.key().as_ref(), &args.nonce.to_le_bytes()],
        bump
    )]
    pub lot: Box<Account<'info, Lot>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        init,
        payer = payer,
        seeds = [VAULT_SEED, lot.key().as_ref()],
        bump,
        token::mint = mint,
        token::authority = lot,
        token::token_program = token_program
    )]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub system_program: Program<'info, System>,
}

impl CreateLot<'_> {
    fn validate(&self, args: &CreateLotArgs) -> Result<()> {
        let buyer = &self.content_provider;
        require!(
            buyer.kind == ParticipantKind::ContentProvider,
            MarketError::NotContentProvider
        );
        require!(
            buyer.status == ParticipantStatus::Active,
            MarketError::ParticipantNotActive
        );
        require!(
            self.config.allows_mint(&self.mint.key()),
            MarketError::MintNotAllowed
        );
        let params = &self.config.params;
        require!(
            params.allows_epoch_length(args.epoch_length_secs),
            MarketError::EpochLengthNotAllowed
        );
        Ok(())
    }

    fn write_lot(&mut self, args: &CreateLotArgs, bump: u8) {
        let lot = &mut self.lot;
        lot.version = ACCOUNT_VERSION;
        lot.bump = bump;
        lot.content_provider = self.content_provider.key();
        lot.nonce = args.nonce;
        lot.mint = self.mint.key();
        lot.token_program = self.token_program.key();
        lot.vault = self.vault.key();
        lot.rent_payer = self.payer.key();
        lot.issuer = args.issuer;
        lot.footprint = args.footprint;
        lot.delivery_methods = args.delivery_methods;
        lot.verified_only = args.verified_only;
        lot.kilobits_per_second = args.kilobits_per_second;
        lot.unit_kilobits_per_second = args.unit_kilobits_per_second;
        lot.cap_basis_points = args.cap_basis_points;
        lot.epoch_count = args.epoch_count;
        lot.epoch_length_secs = args.epoch_length_secs;
        lot.genesis_at = args.genesis_at;
        lot.reserve_price_per_gigabyte = args.reserve_price_per_gigabyte;
        lot.bid_deposit = args.bid_deposit;
        lot.sla = args.sla;
        lot.commit_ends_at = args.commit_ends_at;
        lot.reveal_ends_at = args.reveal_ends_at;
        lot.status = LotStatus::Open;
    }
}

pub fn handle_create_lot(ctx: Context<CreateLot>, args: CreateLotArgs) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    // A lot that runs is not touched: bidders must be able to reveal, win and leave.
    require!(
        !accounts.config.is_paused(PAUSE_AUCTION, now),
        MarketError::AuctionsPaused
    );
    accounts.validate(&args)?;
    accounts.write_lot(&args, ctx.bumps.lot);
    accounts.lot.validate(now)?;
    let prefund_epochs = accounts.config.params.prefund_epochs;
    accounts.lot.validate_reserve(prefund_epochs)?;
    accounts.lot.invariant()?;
    let lot = &ctx.accounts.lot;
    emit_cpi!(LotCreated {
        lot: lot.key(),
        content_provider: lot.content_provider,
        mint: lot.mint,
        footprint: lot.footprint,
        delivery_methods: lot.delivery_methods,
        verified_only: lot.verified_only,
        kilobits_per_second: lot.kilobits_per_second,
        unit_kilobits_per_second: lot.unit_kilobits_per_second,
        reserve_price_per_gigabyte: lot.reserve_price_per_gigabyte,
        bid_deposit: lot.bid_deposit,
        epoch_count: lot.epoch_count,
        epoch_length_secs: lot.epoch_length_secs,
        commit_ends_at: lot.commit_ends_at,
        reveal_ends_at: lot.reveal_ends_at,
        genesis_at: lot.genesis_at,
    });
    Ok(())
}
