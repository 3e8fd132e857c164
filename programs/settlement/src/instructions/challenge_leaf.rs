use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};
use market::{program::Market, Contract};
use registry::{ParticipantAuthority, HOT_SCOPE_CHALLENGE, SETTLEMENT_AUTHORITY_AND_BUMP};

use crate::constants::{
    CHALLENGE_SEED, CHALLENGE_VERSION, MAX_FREE_CHALLENGES, MAX_OPEN_CHALLENGES,
};
use crate::error::SettlementError;
use crate::events::LeafChallenged;
use crate::market_cpi::{market_accounts, MarketCpi};
use crate::state::{ChallengeState, DeliveryCommitment, LeafChallenge};

#[event_cpi]
#[derive(Accounts)]
pub struct ChallengeLeaf<'info> {
    /// Pays the rent and the bond, and gets them back unless the challenge is answered.
    #[account(mut)]
    pub challenger: Signer<'info>,
    /// CHECK: the contract names it; `ParticipantAuthority::read` checks its owner and type.
    pub content_provider: UncheckedAccount<'info>,
    #[account(
        mut,
        has_one = content_provider @ SettlementError::NotContentProvider,
        has_one = mint @ SettlementError::WrongMint,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    #[account(
        init,
        payer = challenger,
        space = 8 + LeafChallenge::INIT_SPACE,
        seeds = [
            CHALLENGE_SEED,
            commitment.key().as_ref(),
            &commitment.load()?.challenge_count.to_le_bytes()
        ],
        bump
    )]
    pub challenge: Box<Account<'info, LeafChallenge>>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(mut)]
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// Pays the bond; the content provider's free challenges need none.
    #[account(
        mut,
        token::mint = mint,
        token::authority = challenger,
        token::token_program = token_program
    )]
    pub challenger_token_account: Option<Box<InterfaceAccount<'info, TokenAccount>>>,
    pub token_program: Interface<'info, TokenInterface>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
    pub system_program: Program<'info, System>,
}

market_accounts!(ChallengeLeaf);

impl ChallengeLeaf<'_> {
    fn validate(&self, target: u64, now: i64) -> Result<()> {
        let (commitment, contract) = (self.commitment.load()?, self.contract.load()?);
        commitment.validate_challengeable()?;
        require!(
            target < commitment.total_bytes,
            SettlementError::TargetOutOfRange
        );
        let ends_at = commitment
            .committed_at
            .saturating_add(i64::from(contract.challenge_window_secs));
        require!(now < ends_at, SettlementError::ChallengeWindowClosed);
        require!(
            commitment.open_challenges < MAX_OPEN_CHALLENGES,
            SettlementError::TooManyChallenges
        );
        Ok(())
    }

    /// The content provider may ask twice for nothing: it is its money that is at stake.
    fn is_free(&self, now: i64) -> Result<bool> {
        let content_provider = ParticipantAuthority::read(&self.content_provider)?;
        let is_its_own = content_provider.authorizes(self.challenger.key, HOT_SCOPE_CHALLENGE, now);
        Ok(is_its_own && self.commitment.load()?.free_challenges < MAX_FREE_CHALLENGES)
    }

    /// Brings the bond into the vault; the market then counts it as held.
    fn pay_bond(&self, bond: u64) -> Result<()> {
        let from = self
            .challenger_token_account
            .as_ref()
            .ok_or(SettlementError::BondAccountMissing)?;
        let accounts = TransferChecked {
            from: from.to_account_info(),
            mint: self.mint.to_account_info(),
            to: self.vault.to_account_info(),
            authority: self.challenger.to_account_info(),
        };
        let context = CpiContext::new(self.token_program.key(), accounts);
        transfer_checked(context, bond, self.mint.decimals)?;
        MarketCpi::of(self).record_held(bond)
    }

    fn write(&mut self, target: u64, bond: u64, bump: u8, now: i64) -> Result<()> {
        let response_secs = i64::from(self.contract.load()?.challenge_response_secs);
        let mut commitment = self.commitment.load_mut()?;
        let challenge = &mut self.challenge;
        challenge.version = CHALLENGE_VERSION;
        challenge.bump = bump;
        challenge.commitment = self.commitment.key();
        challenge.contract = commitment.contract;
        challenge.index = commitment.challenge_count;
        challenge.challenger = self.challenger.key();
        challenge.target = target;
        (challenge.bond, challenge.payout) = (bond, bond);
        challenge.beneficiary = self.challenger.key();
        challenge.opened_at = now;
        challenge.deadline = now.saturating_add(response_secs);
        challenge.state = ChallengeState::Open;
        challenge.rent_payer = self.challenger.key();
        commitment.open_challenge(bond == 0)
    }
}

pub fn handle_challenge_leaf(ctx: Context<ChallengeLeaf>, target: u64) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.validate(target, now)?;
    let bond = match accounts.is_free(now)? {
        true => 0,
        false => accounts.contract.load()?.challenge_bond,
    };
    accounts.write(target, bond, ctx.bumps.challenge, now)?;
    if bond > 0 {
        accounts.pay_bond(bond)?;
    }
    let challenge = &ctx.accounts.challenge;
    emit_cpi!(LeafChallenged {
        challenge: challenge.key(),
        commitment: challenge.commitment,
        challenger: challenge.challenger,
        target,
        bond,
        deadline: challenge.deadline,
    });
    Ok(())
}
