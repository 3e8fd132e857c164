use anchor_lang::prelude::*;

use crate::constants::{NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeReactivated;
use crate::state::{Node, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct ReactivateNode<'info> {
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

pub fn handle_reactivate_node(ctx: Context<ReactivateNode>) -> Result<()> {
    let ReactivateNode {
        participant, node, ..
    } = &mut *ctx.accounts;
    node.reactivate()?;
    participant.reactivate_node()?;
    node.invariant()?;
    participant.invariant()?;
    emit_cpi!(NodeReactivated {
        node: ctx.accounts.node.key(),
        participant: ctx.accounts.participant.key(),
    });
    Ok(())
}
