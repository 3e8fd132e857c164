use anchor_lang::prelude::*;
use registry::{
    Node, NodeStatus, Participant, ParticipantKind, ParticipantStatus, ACCOUNT_VERSION,
};

use crate::constants::CAPACITY_CLAIM_SEED;
use crate::error::MarketError;
use crate::events::CapacityClaimed;
use crate::state::{
    check_methods, CapacityClaim, CapacityClaimStatus, Direction, Footprint, CLAIM_RESERVED_BYTES,
};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct ClaimCapacityArgs {
    pub index: u32,
    pub footprint: Footprint,
    pub direction: Direction,
    pub kilobits_per_second: u64,
    pub price_floor_per_gigabyte: u64,
    pub valid_from: i64,
    pub valid_until: i64,
    /// Bits: 1 unicast, 2 multicast.
    pub delivery_methods: u8,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ClaimCapacityArgs)]
pub struct ClaimCapacity<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub participant: Box<Account<'info, Participant>>,
    #[account(has_one = participant @ MarketError::NodeOfAnotherParticipant)]
    pub node: Box<Account<'info, Node>>,
    #[account(
        init,
        payer = payer,
        space = 8 + CapacityClaim::INIT_SPACE,
        seeds = [CAPACITY_CLAIM_SEED, node.key().as_ref(), &args.index.to_le_bytes()],
        bump
    )]
    pub capacity_claim: Box<Account<'info, CapacityClaim>>,
    pub system_program: Program<'info, System>,
}

impl ClaimCapacity<'_> {
    fn validate(&self, args: &ClaimCapacityArgs, now: i64) -> Result<()> {
        require!(
            self.participant.kind == ParticipantKind::Seller,
            MarketError::NotSeller
        );
        require!(
            self.participant.status == ParticipantStatus::Active,
            MarketError::ParticipantNotActive
        );
        require!(
            self.node.status == NodeStatus::Active,
            MarketError::NodeNotActive
        );
        args.footprint.validate()?;
        check_methods(args.delivery_methods)?;
        let most = match args.direction {
            Direction::Egress => self.node.claim_egress_kilobits_per_second,
            Direction::Ingress => self.node.claim_ingress_kilobits_per_second,
        };
        require!(
            (1..=most).contains(&args.kilobits_per_second),
            MarketError::ClaimExceedsNode
        );
        require!(
            args.valid_from < args.valid_until && now < args.valid_until,
            MarketError::ValidityInvalid
        );
        Ok(())
    }
}

pub fn handle_claim_capacity(ctx: Context<ClaimCapacity>, args: ClaimCapacityArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(&args, now)?;
    let (node, participant) = (ctx.accounts.node.key(), ctx.accounts.participant.key());
    let claim = &mut ctx.accounts.capacity_claim;
    claim.set_inner(CapacityClaim {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.capacity_claim,
        node,
        participant,
        index: args.index,
        footprint: args.footprint,
        direction: args.direction,
        kilobits_per_second: args.kilobits_per_second,
        committed_kilobits_per_second: 0,
        price_floor_per_gigabyte: args.price_floor_per_gigabyte,
        valid_from: args.valid_from,
        valid_until: args.valid_until,
        status: CapacityClaimStatus::Active,
        delivery_methods: args.delivery_methods,
        claimed_at: now,
        reserved: [0; CLAIM_RESERVED_BYTES],
    });
    claim.invariant()?;
    emit_cpi!(CapacityClaimed {
        capacity_claim: claim.key(),
        node,
        participant,
        footprint: args.footprint,
        direction: args.direction,
        kilobits_per_second: args.kilobits_per_second,
        price_floor_per_gigabyte: args.price_floor_per_gigabyte,
        valid_from: args.valid_from,
        valid_until: args.valid_until,
        delivery_methods: args.delivery_methods,
    });
    Ok(())
}
