use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, BEACON_REGISTRY_SEED, RESERVED_BYTES};
use crate::events::BeaconRegistryCreated;
use crate::state::BeaconRegistry;

#[event_cpi]
#[derive(Accounts)]
pub struct CreateBeaconRegistry<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        init,
        payer = payer,
        space = 8 + BeaconRegistry::INIT_SPACE,
        seeds = [BEACON_REGISTRY_SEED],
        bump
    )]
    pub beacon_registry: Box<Account<'info, BeaconRegistry>>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_beacon_registry(ctx: Context<CreateBeaconRegistry>) -> Result<()> {
    ctx.accounts.beacon_registry.set_inner(BeaconRegistry {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.beacon_registry,
        count: 0,
        reserved: [0; RESERVED_BYTES],
    });
    emit_cpi!(BeaconRegistryCreated {
        beacon_registry: ctx.accounts.beacon_registry.key(),
    });
    Ok(())
}
