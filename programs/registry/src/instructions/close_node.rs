use anchor_lang::prelude::*;

use crate::constants::{NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeClosed;
use crate::state::{Node, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseNode<'info> {
    #[account(mut)]
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
        close = owner,
        seeds = [NODE_SEED, node.participant.as_ref(), &node.index.to_le_bytes()],
        bump = node.bump,
        has_one = participant @ RegistryError::NodeOfAnotherParticipant
    )]
    pub node: Box<Account<'info, Node>>,
}

pub fn handle_close_node(ctx: Context<CloseNode>) -> Result<()> {
    let CloseNode {
        participant, node, ..
    } = &mut *ctx.accounts;
    node.check_inactive()?;
    // Inactive nodes bind nothing; the invariant also refuses bytes of another layout.
    node.invariant()?;
    participant.close_node()?;
    participant.invariant()?;
    emit_cpi!(NodeClosed {
        node: ctx.accounts.node.key(),
        participant: ctx.accounts.participant.key(),
        index: ctx.accounts.node.index,
    });
    Ok(())
}
