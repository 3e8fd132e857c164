use anchor_lang::prelude::*;
use registry::{
    Config, Participant, ParticipantKind, ParticipantStatus, ACCOUNT_VERSION, CONFIG_SEED,
};

use crate::claim_set::ClaimSet;
use crate::constants::{KIND_COUNT, OFFER_SEED};
use crate::error::MarketError;
use crate::events::OfferPosted;
use crate::state::{
    check_methods, check_prices, place_claims, place_splits, Offer, OfferStatus, Sla, Split,
    OFFER_RESERVED_BYTES,
};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct PostOfferArgs {
    pub index: u32,
    pub price_per_gigabyte: [u64; KIND_COUNT],
    pub commit_fee_per_epoch: u64,
    pub min_kilobits_per_second: u64,
    pub max_kilobits_per_second: u64,
    /// What all contracts of this offer may hold together.
    pub total_kilobits_per_second: u64,
    pub min_epochs: u32,
    pub epoch_length_secs: u32,
    pub sla: Sla,
    pub splits: Vec<Split>,
    pub expires_at: i64,
    /// Bits: 1 unicast, 2 multicast. Every claim must be able to do each.
    pub delivery_methods: u8,
    /// Whether only capacity within an unexpired bandwidth proof may be sold.
    pub verified_only: bool,
}

/// Remaining accounts: one to four capacity claims of the participant, all different.
#[event_cpi]
#[derive(Accounts)]
#[instruction(args: PostOfferArgs)]
pub struct PostOffer<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub participant: Box<Account<'info, Participant>>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump, seeds::program = registry::ID)]
    pub config: Box<Account<'info, Config>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Offer::INIT_SPACE,
        seeds = [OFFER_SEED, participant.key().as_ref(), &args.index.to_le_bytes()],
        bump
    )]
    pub offer: Box<Account<'info, Offer>>,
    pub system_program: Program<'info, System>,
}

impl PostOffer<'_> {
    fn validate(&self, args: &PostOfferArgs, set: &ClaimSet, now: i64) -> Result<()> {
        require!(
            self.participant.kind == ParticipantKind::Seller,
            MarketError::NotSeller
        );
        require!(
            self.participant.status == ParticipantStatus::Active,
            MarketError::ParticipantNotActive
        );
        require!(
            args.max_kilobits_per_second <= args.total_kilobits_per_second,
            MarketError::RateRangeInvalid
        );
        require!(
            args.total_kilobits_per_second <= set.kilobits_per_second,
            MarketError::OfferExceedsClaims
        );
        check_methods(args.delivery_methods)?;
        require!(
            args.delivery_methods & !set.methods == 0,
            MarketError::MethodNotClaimed
        );
        check_prices(&args.price_per_gigabyte, args.delivery_methods)?;
        require!(
            self.config
                .params
                .allows_epoch_length(args.epoch_length_secs),
            MarketError::EpochLengthNotAllowed
        );
        args.sla.validate()?;
        require!(now < args.expires_at, MarketError::OfferExpired);
        Ok(())
    }
}

pub fn handle_post_offer<'info>(
    ctx: Context<'info, PostOffer<'info>>,
    args: PostOfferArgs,
) -> Result<()> {
    let participant = ctx.accounts.participant.key();
    let set = ClaimSet::read(
        ctx.remaining_accounts,
        &participant,
        &args.price_per_gigabyte,
    )?;
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(&args, &set, now)?;
    let mint = ctx.accounts.participant.stake_mint;
    let offer = &mut ctx.accounts.offer;
    offer.version = ACCOUNT_VERSION;
    offer.bump = ctx.bumps.offer;
    offer.participant = participant;
    offer.mint = mint;
    offer.status = OfferStatus::Open;
    offer.reserved = [0; OFFER_RESERVED_BYTES];
    write_terms(offer, &args, &set)?;
    offer.invariant()?;
    emit_cpi!(OfferPosted {
        offer: offer.key(),
        participant,
        mint,
        price_per_gigabyte: offer.price_per_gigabyte,
        commit_fee_per_epoch: offer.commit_fee_per_epoch,
        min_kilobits_per_second: offer.min_kilobits_per_second,
        max_kilobits_per_second: offer.max_kilobits_per_second,
        remaining_kilobits_per_second: offer.remaining_kilobits_per_second,
        epoch_length_secs: offer.epoch_length_secs,
        node_set_hash: offer.node_set_hash,
        expires_at: offer.expires_at,
        delivery_methods: offer.delivery_methods,
        verified_only: offer.verified_only,
    });
    Ok(())
}

fn write_terms(offer: &mut Offer, args: &PostOfferArgs, set: &ClaimSet) -> Result<()> {
    (offer.claims, offer.claim_count) = place_claims(&set.claims)?;
    (offer.splits, offer.split_count) = place_splits(&args.splits)?;
    offer.index = args.index;
    offer.node_set_hash = protocol_core::sha256(&[&set.nodes]);
    offer.price_per_gigabyte = args.price_per_gigabyte;
    offer.commit_fee_per_epoch = args.commit_fee_per_epoch;
    offer.min_kilobits_per_second = args.min_kilobits_per_second;
    offer.max_kilobits_per_second = args.max_kilobits_per_second;
    offer.remaining_kilobits_per_second = args.total_kilobits_per_second;
    offer.min_epochs = args.min_epochs;
    offer.epoch_length_secs = args.epoch_length_secs;
    offer.sla = args.sla;
    offer.expires_at = args.expires_at;
    offer.delivery_methods = args.delivery_methods;
    offer.verified_only = args.verified_only;
    Ok(())
}
