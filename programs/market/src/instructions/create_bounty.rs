use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{
    Config, Participant, ParticipantKind, ParticipantStatus, ACCOUNT_VERSION, CONFIG_SEED,
    RESERVED_BYTES,
};

use crate::bounty_events::BountyCreated;
use crate::constants::{BOUNTY_SEED, VAULT_SEED};
use crate::error::MarketError;
use crate::escrow::deposit;
use crate::state::{Bounty, Footprint};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct CreateBountyArgs {
    /// Free to choose, once per content provider while the bounty stands.
    pub nonce: u64,
    pub footprint: Footprint,
    /// Bits: 1 unicast, 2 multicast.
    pub delivery_methods: u8,
    pub verified_only: bool,
    pub contract_required: bool,
    pub kilobits_per_second: u64,
    pub hold_secs: u32,
    /// Base units for each seller; as many times `max_payments` are moved into the vault.
    pub reward: u64,
    pub max_payments: u8,
    pub expires_at: i64,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateBountyArgs)]
pub struct CreateBounty<'info> {
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
        space = 8 + Bounty::INIT_SPACE,
        seeds = [BOUNTY_SEED, content_provider.key().as_ref(), &args.nonce.to_le_bytes()],
        bump
    )]
    pub bounty: Box<Account<'info, Bounty>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        init,
        payer = payer,
        seeds = [VAULT_SEED, bounty.key().as_ref()],
        bump,
        token::mint = mint,
        token::authority = bounty,
        token::token_program = token_program
    )]
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

impl CreateBounty<'_> {
    fn validate(&self) -> Result<()> {
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
        Ok(())
    }

    fn write_bounty(&mut self, args: &CreateBountyArgs, bump: u8) {
        self.bounty.set_inner(Bounty {
            version: ACCOUNT_VERSION,
            bump,
            content_provider: self.content_provider.key(),
            owner: self.owner.key(),
            nonce: args.nonce,
            mint: self.mint.key(),
            token_program: self.token_program.key(),
            vault: self.vault.key(),
            rent_payer: self.payer.key(),
            footprint: args.footprint,
            delivery_methods: args.delivery_methods,
            verified_only: args.verified_only,
            contract_required: args.contract_required,
            kilobits_per_second: args.kilobits_per_second,
            hold_secs: args.hold_secs,
            reward: args.reward,
            max_payments: args.max_payments,
            expires_at: args.expires_at,
            reserved: [0; RESERVED_BYTES],
            sellers: Vec::new(),
        });
    }
}

pub fn handle_create_bounty(ctx: Context<CreateBounty>, args: CreateBountyArgs) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate()?;
    accounts.write_bounty(&args, ctx.bumps.bounty);
    accounts.bounty.validate(Clock::get()?.unix_timestamp)?;
    deposit(
        &accounts.owner_token_account,
        &accounts.vault,
        &accounts.owner,
        &accounts.mint,
        &accounts.token_program,
        accounts.bounty.total()?,
    )?;
    let bounty = &ctx.accounts.bounty;
    emit_cpi!(BountyCreated {
        bounty: bounty.key(),
        content_provider: bounty.content_provider,
        mint: bounty.mint,
        footprint: args.footprint,
        delivery_methods: args.delivery_methods,
        verified_only: args.verified_only,
        contract_required: args.contract_required,
        kilobits_per_second: args.kilobits_per_second,
        hold_secs: args.hold_secs,
        reward: args.reward,
        max_payments: args.max_payments,
        expires_at: args.expires_at,
    });
    Ok(())
}
