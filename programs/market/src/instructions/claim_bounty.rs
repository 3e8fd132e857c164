use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use registry::{Node, Participant, ParticipantKind, ParticipantStatus};

use crate::bounty_events::BountyPaid;
use crate::constants::BOUNTY_SEED;
use crate::error::MarketError;
use crate::escrow::Escrow;
use crate::open_contract::serves_claim;
use crate::state::{Bounty, CapacityClaim};

/// Remaining accounts: the contract on the claim, where the bounty asks for one.
#[event_cpi]
#[derive(Accounts)]
pub struct ClaimBounty<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(constraint = capacity_claim.participant == seller.key() @ MarketError::ClaimOfAnotherParticipant)]
    pub capacity_claim: Box<Account<'info, CapacityClaim>>,
    #[account(address = capacity_claim.node @ MarketError::NodeMismatch)]
    pub node: Box<Account<'info, Node>>,
    #[account(
        mut,
        seeds = [BOUNTY_SEED, bounty.content_provider.as_ref(), &bounty.nonce.to_le_bytes()],
        bump = bounty.bump,
        has_one = mint @ MarketError::WrongMint,
        has_one = vault @ MarketError::WrongVault
    )]
    pub bounty: Box<Account<'info, Bounty>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = owner,
        associated_token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

impl<'info> ClaimBounty<'info> {
    fn validate(&self, contracts: &'info [AccountInfo<'info>], now: i64) -> Result<()> {
        let bounty = &self.bounty;
        require!(
            self.seller.kind == ParticipantKind::Seller,
            MarketError::NotSeller
        );
        require!(
            self.seller.status == ParticipantStatus::Active,
            MarketError::ParticipantNotActive
        );
        bounty.check_claim(&self.capacity_claim, now)?;
        require!(
            !bounty.verified_only
                || self.node.sellable_egress(true, now) >= bounty.kilobits_per_second,
            MarketError::CapacityNotVerified
        );
        if bounty.contract_required {
            let contract = contracts.first().ok_or(MarketError::ContractMissing)?;
            let sides = (bounty.content_provider, self.seller.key());
            let serves = serves_claim(contract, sides, &self.capacity_claim.key())?;
            require!(serves, MarketError::ContractMissing);
        }
        Ok(())
    }

    fn pay(&self, amount: u64) -> Result<()> {
        let nonce = self.bounty.nonce.to_le_bytes();
        let escrow = Escrow {
            authority: self.bounty.to_account_info(),
            seeds: &[
                BOUNTY_SEED,
                self.bounty.content_provider.as_ref(),
                &nonce,
                std::slice::from_ref(&self.bounty.bump),
            ],
            vault: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        };
        escrow.pay(&self.owner_token_account, amount)
    }
}

pub fn handle_claim_bounty<'info>(ctx: Context<'info, ClaimBounty<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.validate(ctx.remaining_accounts, now)?;
    let (seller, owner) = (accounts.seller.key(), accounts.owner.key());
    let amount = accounts.bounty.pay(seller, &owner, now)?;
    accounts.pay(amount)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(BountyPaid {
        bounty: accounts.bounty.key(),
        seller,
        capacity_claim: accounts.capacity_claim.key(),
        amount,
        payments_left: u8::try_from(accounts.bounty.payments_left())
            .map_err(|_| MarketError::AmountOverflow)?,
    });
    Ok(())
}
