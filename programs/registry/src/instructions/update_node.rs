use anchor_lang::prelude::*;

use crate::constants::{NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeProfileUpdated;
use crate::state::{check_version, Node, Participant};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct UpdateNodeArgs {
    pub tls_spki: [u8; 32],
    pub footprint_root: [u8; 32],
    pub asn: u32,
    pub bandwidth_proof_flags: u8,
    pub metered_consent: bool,
    pub carousel_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
pub struct UpdateNode<'info> {
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

pub fn handle_update_node(ctx: Context<UpdateNode>, args: UpdateNodeArgs) -> Result<()> {
    check_version(ctx.accounts.participant.version)?;
    let node = &mut ctx.accounts.node;
    let (asn_before, footprint_root_before) = (node.asn, node.footprint_root);
    node.tls_spki = args.tls_spki;
    node.footprint_root = args.footprint_root;
    node.asn = args.asn;
    node.metered_consent = args.metered_consent;
    node.carousel_hash = args.carousel_hash;
    node.set_bandwidth_proof_flags(args.bandwidth_proof_flags)?;
    node.invariant()?;
    emit_cpi!(NodeProfileUpdated {
        node: node.key(),
        asn_before,
        asn_after: args.asn,
        footprint_root_before,
        footprint_root_after: args.footprint_root,
        tls_spki: args.tls_spki,
        bandwidth_proof_flags: args.bandwidth_proof_flags,
        metered_consent: args.metered_consent,
        carousel_hash: args.carousel_hash,
    });
    Ok(())
}
