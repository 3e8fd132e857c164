use anchor_lang::prelude::*;
use market::{program::Market, Contract, RecordFailureArgs};
use protocol_core::compute_liveness_slash;
use registry::SETTLEMENT_AUTHORITY_AND_BUMP;

use crate::error::SettlementError;
use crate::events::CommitmentFailed;
use crate::market_cpi::with_authority;
use crate::state::{DeliveryCommitment, FailReason, LeafChallenge};

#[event_cpi]
#[derive(Accounts)]
pub struct FailCommitment<'info> {
    /// CHECK: the contract names it; the market checks its owner and type.
    #[account(mut)]
    pub seller: UncheckedAccount<'info>,
    #[account(mut, has_one = seller @ SettlementError::NotContractSeller)]
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    /// The challenge that nobody answered; without it the proofs must be late.
    #[account(mut, has_one = commitment @ SettlementError::WrongCommitment)]
    pub challenge: Option<Box<Account<'info, LeafChallenge>>>,
    /// CHECK: the market compares it with the contract's.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the market compares it with the contract's.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: the registry proves it by its seeds.
    pub stake_authority: UncheckedAccount<'info>,
    /// CHECK: the registry proves it by its seeds.
    #[account(mut)]
    pub stake_vault: UncheckedAccount<'info>,
    /// CHECK: the market checks that it is a token program.
    pub token_program: UncheckedAccount<'info>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    /// CHECK: the market compares it with its own.
    pub market_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
    /// CHECK: the market proves it by its seeds.
    pub market_event_authority: UncheckedAccount<'info>,
    /// CHECK: the market compares it with the registry's.
    pub registry_program: UncheckedAccount<'info>,
    /// CHECK: the market compares it with the registry's.
    pub registry_event_authority: UncheckedAccount<'info>,
}

impl FailCommitment<'_> {
    /// Ends the commitment and says what of its lock is lost: all for a challenge that nobody answered, a part for
    /// evidence that never came.
    fn fail(&self, now: i64) -> Result<RecordFailureArgs> {
        let contract = self.contract.load()?;
        let mut commitment = self.commitment.load_mut()?;
        let slashed = match &self.challenge {
            Some(challenge) => {
                challenge.validate_lost(now)?;
                commitment.fail(FailReason::ChallengeUnanswered)?;
                commitment.end_challenge()?;
                commitment.lock
            }
            None => {
                commitment.validate_proofs_due(now, contract.prove_window_secs)?;
                commitment.fail(FailReason::EvidenceMissing)?;
                compute_liveness_slash(commitment.lock, contract.liveness_slash_basis_points)
                    .map_err(|_| SettlementError::AmountOverflow)?
            }
        };
        Ok(RecordFailureArgs {
            gross: commitment.gross,
            lock: commitment.lock,
            slashed,
            has_challenger: self.challenge.is_some(),
            adopts_lock: commitment.is_first_cut(),
        })
    }

    /// The market drops the gross and slashes; returns the challenger's share.
    fn record_failure(&self, args: RecordFailureArgs) -> Result<u64> {
        let accounts = market::cpi::accounts::RecordFailure {
            settlement_authority: self.settlement_authority.to_account_info(),
            seller: self.seller.to_account_info(),
            contract: self.contract.to_account_info(),
            mint: self.mint.to_account_info(),
            vault: self.vault.to_account_info(),
            stake_authority: self.stake_authority.to_account_info(),
            stake_vault: self.stake_vault.to_account_info(),
            token_program: self.token_program.to_account_info(),
            market_authority: self.market_authority.to_account_info(),
            registry_program: self.registry_program.to_account_info(),
            registry_event_authority: self.registry_event_authority.to_account_info(),
            event_authority: self.market_event_authority.to_account_info(),
            program: self.market_program.to_account_info(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            Ok(market::cpi::record_failure(context, args)?.get())
        })
    }
}

pub fn handle_fail_commitment(ctx: Context<FailCommitment>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let args = accounts.fail(Clock::get()?.unix_timestamp)?;
    let bounty = accounts.record_failure(args)?;
    if let Some(challenge) = &mut accounts.challenge {
        challenge.win(bounty)?;
    }
    let accounts = &*ctx.accounts;
    let reason = accounts.commitment.load()?.fail_reason;
    emit_cpi!(CommitmentFailed {
        commitment: accounts.commitment.key(),
        contract: accounts.contract.key(),
        challenge: accounts
            .challenge
            .as_ref()
            .map_or(Pubkey::default(), |challenge| challenge.key()),
        reason,
        gross: args.gross,
        lock: args.lock,
        slashed: args.slashed,
        bounty,
    });
    Ok(())
}
