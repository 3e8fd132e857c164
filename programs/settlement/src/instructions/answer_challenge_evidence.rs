use anchor_lang::prelude::*;
use market::Contract;
use protocol_core::{sha256, LEAF_BYTES};
use registry::read_node_participant;

use crate::constants::INSTRUCTIONS;
use crate::error::SettlementError;
use crate::events::ChallengeAnswered;
use crate::evidence::{read_signed_pair, validate_evidence};
use crate::state::{DeliveryCommitment, LeafChallenge};

/// The instruction before must be the Ed25519 program's over token and receipt.
#[event_cpi]
#[derive(Accounts)]
pub struct AnswerChallengeEvidence<'info> {
    /// Gets the bond.
    pub answerer: Signer<'info>,
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    #[account(mut, has_one = commitment @ SettlementError::WrongCommitment)]
    pub challenge: Box<Account<'info, LeafChallenge>>,
    /// CHECK: `read_node_participant` checks its owner and type; the token names it.
    pub node: UncheckedAccount<'info>,
    /// CHECK: compared with the sysvar's address.
    #[account(address = INSTRUCTIONS)]
    pub instructions: UncheckedAccount<'info>,
}

impl AnswerChallengeEvidence<'_> {
    fn validate(&self, leaf: &[u8; LEAF_BYTES]) -> Result<()> {
        let (contract, commitment) = (self.contract.load()?, self.commitment.load()?);
        require!(
            self.challenge.leaf_hash == sha256(&[&[0x00], leaf]),
            SettlementError::LeafMismatch
        );
        require!(
            read_node_participant(&self.node)? == contract.seller,
            SettlementError::NodeOfAnotherSeller
        );
        let signed = read_signed_pair(&self.instructions)?;
        validate_evidence(
            &self.contract.key(),
            &contract,
            &commitment,
            self.node.key,
            &signed,
            leaf,
        )
    }
}

pub fn handle_answer_challenge_evidence(
    ctx: Context<AnswerChallengeEvidence>,
    leaf: [u8; LEAF_BYTES],
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let answerer = accounts.answerer.key();
    accounts.challenge.answer(answerer, now)?;
    accounts.validate(&leaf)?;
    accounts.commitment.load_mut()?.end_challenge()?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ChallengeAnswered {
        challenge: accounts.challenge.key(),
        commitment: accounts.commitment.key(),
        answerer,
        bond: accounts.challenge.bond,
    });
    Ok(())
}
