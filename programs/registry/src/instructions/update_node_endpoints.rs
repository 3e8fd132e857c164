use anchor_lang::prelude::*;

use crate::constants::{MAX_ENDPOINTS, NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeUpdated;
use crate::state::{check_version, Endpoint, Node, Participant};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct UpdateNodeEndpointsArgs {
    pub endpoints: [Endpoint; MAX_ENDPOINTS],
    pub tls_spki: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
pub struct UpdateNodeEndpoints<'info> {
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

pub fn handle_update_node_endpoints(
    ctx: Context<UpdateNodeEndpoints>,
    args: UpdateNodeEndpointsArgs,
) -> Result<()> {
    let node = &mut ctx.accounts.node;
    check_version(ctx.accounts.participant.version)?;
    let endpoints_before = node.endpoints;
    node.set_endpoints(args.endpoints)?;
    node.tls_spki = args.tls_spki;
    node.invariant()?;
    emit_cpi!(NodeUpdated {
        node: node.key(),
        endpoints_before,
        endpoints_after: args.endpoints,
        tls_spki: args.tls_spki,
    });
    Ok(())
}
