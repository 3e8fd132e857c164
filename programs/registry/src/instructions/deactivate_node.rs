use anchor_lang::prelude::*;

use crate::constants::{NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeDeactivated;
use crate::state::{Node, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct DeactivateNode<'info> {
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [NODE_SEED, node.participant.as_ref(), &node.index.to_le_bytes()],
        bump = node.bump,
        has_one = participant @ RegistryError::NodeOfAnotherParticipant
    )]
    pub node: Box<Account<'info, Node>>,
}

pub fn handle_deactivate_node(ctx: Context<DeactivateNode>) -> Result<()> {
    let DeactivateNode {
        participant, node, ..
    } = &mut *ctx.accounts;
    node.deactivate()?;
    participant.deactivate_node()?;
    node.invariant()?;
    participant.invariant()?;
    emit_cpi!(NodeDeactivated {
        node: ctx.accounts.node.key(),
        participant: ctx.accounts.participant.key(),
    });
    Ok(())
}
