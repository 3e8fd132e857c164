use anchor_lang::prelude::*;
use market::Contract;
use protocol_core::LEAF_BYTES;
use registry::read_node_participant;

use crate::constants::INSTRUCTIONS;
use crate::error::SettlementError;
use crate::events::SampleProven;
use crate::evidence::{read_signed_pair, validate_evidence};
use crate::state::{CommitmentState, DeliveryCommitment};

/// The instruction before must be the Ed25519 program's over token and receipt.
#[derive(Accounts)]
pub struct ProveEvidence<'info> {
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
    /// CHECK: `read_node_participant` checks its owner and type; the token names it.
    pub node: UncheckedAccount<'info>,
    /// CHECK: compared with the sysvar's address.
    #[account(address = INSTRUCTIONS)]
    pub instructions: UncheckedAccount<'info>,
}

pub fn handle_prove_evidence(
    ctx: Context<ProveEvidence>,
    index: u8,
    leaf: [u8; LEAF_BYTES],
) -> Result<()> {
    let accounts = &*ctx.accounts;
    let contract = accounts.contract.load()?;
    let mut commitment = accounts.commitment.load_mut()?;
    require!(
        commitment.state == CommitmentState::Seeded,
        SettlementError::CommitmentStateInvalid
    );
    commitment.validate_included(index, &leaf)?;
    require!(
        read_node_participant(&accounts.node)? == contract.seller,
        SettlementError::NodeOfAnotherSeller
    );
    let signed = read_signed_pair(&accounts.instructions)?;
    validate_evidence(
        accounts.contract.to_account_info().key,
        &contract,
        &commitment,
        accounts.node.key,
        &signed,
        &leaf,
    )?;
    commitment.record_evidence(index);
    if commitment.state == CommitmentState::Proven {
        emit!(SampleProven {
            commitment: accounts.commitment.key(),
            samples: commitment.samples,
        });
    }
    Ok(())
}
