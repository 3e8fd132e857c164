use anchor_lang::prelude::*;
use registry::RESERVED_BYTES;

use crate::error::SettlementError;
use crate::state::DeliveryCommitment;

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeState {
    Open,
    /// Inclusion is proved, evidence is not.
    Included,
    /// Both are proved: the bond is the answerer's.
    Answered,
    /// The time to answer ended before: bond and bounty are the challenger's.
    Won,
}

/// A demand to prove the leaf that covers one byte of a commitment, at `["challenge", commitment, index]`.
#[account]
#[derive(InitSpace)]
pub struct LeafChallenge {
    pub version: u8,
    pub bump: u8,
    pub commitment: Pubkey,
    pub contract: Pubkey,
    pub index: u16,
    /// Wallet that pays the bond.
    pub challenger: Pubkey,
    /// The byte of the commitment, below its total.
    pub target: u64,
    /// Base units in the contract's vault; 0 for the content provider's free challenges.
    pub bond: u64,
    /// What `close_challenge` pays, base units: the bond, and with a win the bounty.
    pub payout: u64,
    /// Wallet that `payout` belongs to.
    pub beneficiary: Pubkey,
    pub opened_at: i64,
    /// Last moment of an answer, Unix seconds.
    pub deadline: i64,
    /// Hash of the leaf that was proved to cover the target.
    pub leaf_hash: [u8; 32],
    pub state: ChallengeState,
    pub rent_payer: Pubkey,
    pub reserved: [u8; RESERVED_BYTES],
}

impl LeafChallenge {
    pub fn include(&mut self, leaf_hash: [u8; 32], now: i64) -> Result<()> {
        require!(
            self.state == ChallengeState::Open,
            SettlementError::ChallengeStateInvalid
        );
        require!(now <= self.deadline, SettlementError::ResponseTooLate);
        self.leaf_hash = leaf_hash;
        self.state = ChallengeState::Included;
        Ok(())
    }

    pub fn answer(&mut self, answerer: Pubkey, now: i64) -> Result<()> {
        require!(
            self.state == ChallengeState::Included,
            SettlementError::InclusionMissing
        );
        require!(now <= self.deadline, SettlementError::ResponseTooLate);
        self.state = ChallengeState::Answered;
        self.beneficiary = answerer;
        Ok(())
    }

    /// Nobody answered in time; the bounty comes with `win`.
    pub fn validate_lost(&self, now: i64) -> Result<()> {
        require!(self.is_open(), SettlementError::ChallengeStateInvalid);
        require!(now > self.deadline, SettlementError::ResponseNotDue);
        Ok(())
    }

    pub fn win(&mut self, bounty: u64) -> Result<()> {
        self.state = ChallengeState::Won;
        self.payout = self
            .payout
            .checked_add(bounty)
            .ok_or(SettlementError::AmountOverflow)?;
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, ChallengeState::Open | ChallengeState::Included)
    }

    /// Decided, or overtaken by the end of its commitment; the bond then goes back.
    pub fn end(&self, commitment: Option<&AccountLoader<DeliveryCommitment>>) -> Result<()> {
        if !self.is_open() {
            return Ok(());
        }
        let mut commitment = commitment
            .ok_or(SettlementError::ChallengeNotOver)?
            .load_mut()?;
        require!(!commitment.is_open(), SettlementError::ChallengeNotOver);
        commitment.end_challenge()
    }
}
