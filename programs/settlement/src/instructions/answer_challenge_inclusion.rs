use anchor_lang::prelude::*;
use protocol_core::LEAF_BYTES;

use crate::error::SettlementError;
use crate::state::{DeliveryCommitment, LeafChallenge};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct AnswerChallengeInclusionArgs {
    pub leaf: [u8; LEAF_BYTES],
    /// The other entries of the leaf's bucket, 72 bytes each, ascending by key.
    pub others: Vec<u8>,
    /// One sibling per level, 40 bytes each, bottom-up.
    pub path: Vec<u8>,
}

#[derive(Accounts)]
pub struct AnswerChallengeInclusion<'info> {
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    #[account(mut, has_one = commitment @ SettlementError::WrongCommitment)]
    pub challenge: Box<Account<'info, LeafChallenge>>,
}

pub fn handle_answer_challenge_inclusion(
    ctx: Context<AnswerChallengeInclusion>,
    args: AnswerChallengeInclusionArgs,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let commitment = ctx.accounts.commitment.load()?;
    let challenge = &mut ctx.accounts.challenge;
    let leaf_hash =
        commitment.verify_leaf(challenge.target, &args.leaf, &args.others, &args.path)?;
    challenge.include(leaf_hash, now)
}
