use anchor_lang::prelude::*;
use protocol_core::{compute_sample_target, LEAF_BYTES};

use crate::error::SettlementError;
use crate::state::{CommitmentState, DeliveryCommitment};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct ProveInclusionArgs {
    /// Which sample it answers.
    pub index: u8,
    pub leaf: [u8; LEAF_BYTES],
    /// The other entries of the leaf's bucket, 72 bytes each, ascending by key.
    pub others: Vec<u8>,
    /// One sibling per level, 40 bytes each, bottom-up.
    pub path: Vec<u8>,
}

#[derive(Accounts)]
pub struct ProveInclusion<'info> {
    #[account(mut)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
}

pub fn handle_prove_inclusion(
    ctx: Context<ProveInclusion>,
    args: ProveInclusionArgs,
) -> Result<()> {
    let mut commitment = ctx.accounts.commitment.load_mut()?;
    require!(
        commitment.state == CommitmentState::Seeded,
        SettlementError::CommitmentStateInvalid
    );
    require!(
        args.index < commitment.samples,
        SettlementError::SampleIndexInvalid
    );
    let target = compute_sample_target(
        &commitment.seed,
        u16::from(args.index),
        commitment.total_bytes,
    )
    .map_err(|_| SettlementError::InclusionInvalid)?;
    let leaf_hash = commitment.verify_leaf(target, &args.leaf, &args.others, &args.path)?;
    commitment.record_inclusion(args.index, leaf_hash)
}
