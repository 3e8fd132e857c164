use anchor_lang::prelude::*;
use anchor_lang::solana_program::bpf_loader_upgradeable;

use crate::constants::{ACCOUNT_VERSION, CONFIG_RESERVED_BYTES, CONFIG_SEED, MAX_MINTS};
use crate::error::RegistryError;
use crate::events::ConfigInitialized;
use crate::state::{Config, Params};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct InitializeConfigArgs {
    pub board: Pubkey,
    pub guardian: Pubkey,
    pub treasury: Pubkey,
    pub cluster_tag: u32,
    pub development: bool,
    pub fee_basis_points: u16,
    pub params: Params,
}

#[event_cpi]
#[derive(Accounts)]
pub struct InitializeConfig<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub upgrade_authority: Signer<'info>,
    #[account(
        init,
        payer = payer,
        space = 8 + Config::INIT_SPACE,
        seeds = [CONFIG_SEED],
        bump
    )]
    pub config: Box<Account<'info, Config>>,
    #[account(
        seeds = [crate::ID.as_ref()],
        bump,
        seeds::program = bpf_loader_upgradeable::ID,
        constraint = program_data.upgrade_authority_address == Some(upgrade_authority.key())
            @ RegistryError::NotUpgradeAuthority
    )]
    pub program_data: Box<Account<'info, ProgramData>>,
    pub system_program: Program<'info, System>,
}

pub fn handle_initialize_config(
    ctx: Context<InitializeConfig>,
    args: InitializeConfigArgs,
) -> Result<()> {
    let config = &mut ctx.accounts.config;
    config.set_inner(Config {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.config,
        board: args.board,
        guardian: args.guardian,
        treasury: args.treasury,
        cluster_tag: args.cluster_tag,
        development: args.development,
        mints: [Pubkey::default(); MAX_MINTS],
        fee_basis_points: args.fee_basis_points,
        pause_bits: 0,
        pause_until: 0,
        params: args.params,
        pending_params_hash: [0; 32],
        pending_params_at: 0,
        pending_authorities_hash: [0; 32],
        pending_authorities_at: 0,
        pause_started_at: 0,
        reserved: [0; CONFIG_RESERVED_BYTES],
    });
    config.invariant()?;
    emit_cpi!(ConfigInitialized {
        config: config.key(),
        board: config.board,
        guardian: config.guardian,
        treasury: config.treasury,
        cluster_tag: config.cluster_tag,
        development: config.development,
        fee_basis_points: config.fee_basis_points,
        params_hash: config.params.hash()?,
    });
    Ok(())
}
