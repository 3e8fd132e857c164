use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, MAX_ENDPOINTS, NODE_SEED, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::NodeRegistered;
use crate::state::{
    CapacityClass, Endpoint, Node, NodeRole, NodeStatus, Participant, ParticipantKind,
    VerifiedRate, VerifiedReach, NODE_RESERVED_BYTES,
};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct RegisterNodeArgs {
    pub index: u32,
    pub role: NodeRole,
    pub endpoints: [Endpoint; MAX_ENDPOINTS],
    pub asn: u32,
    pub footprint_root: [u8; 32],
    pub tls_spki: [u8; 32],
    pub claim_egress_kilobits_per_second: u64,
    pub claim_ingress_kilobits_per_second: u64,
    pub class: CapacityClass,
    pub metered_consent: bool,
    pub carousel_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: RegisterNodeArgs)]
pub struct RegisterNode<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(
        mut,
        seeds = [PARTICIPANT_SEED, participant.owner.as_ref()],
        bump = participant.bump,
        has_one = owner @ RegistryError::NotOwner
    )]
    pub participant: Box<Account<'info, Participant>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Node::INIT_SPACE,
        seeds = [NODE_SEED, participant.key().as_ref(), &args.index.to_le_bytes()],
        bump
    )]
    pub node: Box<Account<'info, Node>>,
    pub system_program: Program<'info, System>,
}

impl RegisterNode<'_> {
    fn validate(&self, args: &RegisterNodeArgs) -> Result<()> {
        let participant = &self.participant;
        require!(
            participant.kind == ParticipantKind::Seller,
            RegistryError::NotSeller
        );
        participant.check_active()?;
        require!(
            args.index == participant.node_count,
            RegistryError::NodeIndexOutOfOrder
        );
        Ok(())
    }
}

pub fn handle_register_node(ctx: Context<RegisterNode>, args: RegisterNodeArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let participant = &mut ctx.accounts.participant;
    participant.node_count = participant
        .node_count
        .checked_add(1)
        .ok_or(RegistryError::CounterOutOfRange)?;
    participant.invariant()?;
    let participant = participant.key();
    let node = &mut ctx.accounts.node;
    node.set_inner(new_node(&args, participant, ctx.bumps.node));
    node.set_endpoints(args.endpoints)?;
    node.invariant()?;
    emit_cpi!(NodeRegistered {
        node: node.key(),
        participant,
        index: args.index,
        role: args.role,
        endpoints: args.endpoints,
        asn: args.asn,
        claim_egress_kilobits_per_second: args.claim_egress_kilobits_per_second,
        claim_ingress_kilobits_per_second: args.claim_ingress_kilobits_per_second,
        class: args.class,
    });
    Ok(())
}

fn new_node(args: &RegisterNodeArgs, participant: Pubkey, bump: u8) -> Node {
    Node {
        version: ACCOUNT_VERSION,
        bump,
        participant,
        index: args.index,
        role: args.role,
        endpoints: [Endpoint::default(); MAX_ENDPOINTS],
        endpoint_proof_at: 0,
        asn: args.asn,
        footprint_root: args.footprint_root,
        tls_spki: args.tls_spki,
        bandwidth_proof_flags: 0,
        claim_egress_kilobits_per_second: args.claim_egress_kilobits_per_second,
        claim_ingress_kilobits_per_second: args.claim_ingress_kilobits_per_second,
        verified_egress: VerifiedRate::default(),
        verified_ingress: VerifiedRate::default(),
        verified_multicast: VerifiedReach::default(),
        committed_kilobits_per_second: 0,
        status: NodeStatus::Active,
        class: args.class,
        metered_consent: args.metered_consent,
        carousel_hash: args.carousel_hash,
        reserved: [0; NODE_RESERVED_BYTES],
    }
}
