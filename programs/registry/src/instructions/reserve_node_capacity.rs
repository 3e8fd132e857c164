use anchor_lang::prelude::*;

use crate::constants::{MARKET_AUTHORITY_AND_BUMP, NODE_SEED};
use crate::error::RegistryError;
use crate::events::NodeCapacityReserved;
use crate::state::Node;

#[event_cpi]
#[derive(Accounts)]
pub struct ReserveNodeCapacity<'info> {
    #[account(address = MARKET_AUTHORITY_AND_BUMP.0 @ RegistryError::NotMarket)]
    pub market_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [NODE_SEED, node.participant.as_ref(), &node.index.to_le_bytes()],
        bump = node.bump
    )]
    pub node: Box<Account<'info, Node>>,
}

pub fn handle_reserve_node_capacity(
    ctx: Context<ReserveNodeCapacity>,
    kilobits_per_second: u64,
    verified_only: bool,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let node = &mut ctx.accounts.node;
    let committed_before = node.committed_kilobits_per_second;
    node.reserve(kilobits_per_second, verified_only, now)?;
    node.invariant()?;
    emit_cpi!(NodeCapacityReserved {
        node: node.key(),
        kilobits_per_second,
        committed_before,
        committed_after: node.committed_kilobits_per_second,
    });
    Ok(())
}
