use anchor_lang::prelude::*;
use protocol_core::{verify_footprint, AuditPath, Footprint, FOOTPRINT_BYTES};

use crate::constants::NODE_SEED;
use crate::error::RegistryError;
use crate::events::NodeFootprintProven;
use crate::state::Node;

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct ProveNodeFootprintArgs {
    /// Canonical encoding: kind, prefix length, value.
    pub footprint: [u8; FOOTPRINT_BYTES],
    pub index: u64,
    pub size: u64,
    pub path: Vec<[u8; 32]>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ProveNodeFootprint<'info> {
    #[account(
        seeds = [NODE_SEED, node.participant.as_ref(), &node.index.to_le_bytes()],
        bump = node.bump
    )]
    pub node: Box<Account<'info, Node>>,
}

pub fn handle_prove_node_footprint(
    ctx: Context<ProveNodeFootprint>,
    args: ProveNodeFootprintArgs,
) -> Result<()> {
    let node = &ctx.accounts.node;
    node.invariant()?;
    let proof = AuditPath {
        index: args.index,
        size: args.size,
        path: &args.path,
    };
    Footprint::decode(&args.footprint)
        .and_then(|footprint| verify_footprint(&node.footprint_root, &footprint, &proof))
        .map_err(|_| RegistryError::FootprintProofInvalid)?;
    emit_cpi!(NodeFootprintProven {
        node: node.key(),
        footprint: args.footprint,
        footprint_root: node.footprint_root,
    });
    Ok(())
}
