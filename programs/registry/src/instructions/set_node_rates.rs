use anchor_lang::prelude::*;

use crate::constants::{NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeRatesSet;
use crate::state::{check_version, Node, Participant};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct SetNodeRatesArgs {
    pub claim_egress_kilobits_per_second: u64,
    pub claim_ingress_kilobits_per_second: u64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetNodeRates<'info> {
    pub owner: Signer<'info>,
    #[account(
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

pub fn handle_set_node_rates(ctx: Context<SetNodeRates>, args: SetNodeRatesArgs) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    let node = &mut ctx.accounts.node;
    let egress_before = node.claim_egress_kilobits_per_second;
    let ingress_before = node.claim_ingress_kilobits_per_second;
    node.set_rates(
        args.claim_egress_kilobits_per_second,
        args.claim_ingress_kilobits_per_second,
    )?;
    node.invariant()?;
    emit_cpi!(NodeRatesSet {
        node: node.key(),
        egress_before,
        egress_after: args.claim_egress_kilobits_per_second,
        ingress_before,
        ingress_after: args.claim_ingress_kilobits_per_second,
    });
    Ok(())
}
