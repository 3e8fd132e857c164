use anchor_lang::prelude::*;
use anchor_spl::token_interface::Mint;

use crate::constants::{ACCOUNT_VERSION, CONFIG_SEED, MAX_UNBONDING, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::ParticipantRegistered;
use crate::state::{
    Config, Participant, ParticipantKind, ParticipantStatus, Unbonding, PARTICIPANT_RESERVED_BYTES,
};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct RegisterParticipantArgs {
    pub kind: ParticipantKind,
    pub payout: Pubkey,
}

#[event_cpi]
#[derive(Accounts)]
pub struct RegisterParticipant<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(
        seeds = [CONFIG_SEED],
        bump = config.bump,
        constraint = config.allows_mint(&stake_mint.key()) @ RegistryError::MintNotAllowed
    )]
    pub config: Box<Account<'info, Config>>,
    pub stake_mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Participant::INIT_SPACE,
        seeds = [PARTICIPANT_SEED, owner.key().as_ref()],
        bump
    )]
    pub participant: Box<Account<'info, Participant>>,
    pub system_program: Program<'info, System>,
}

impl RegisterParticipant<'_> {
    fn validate(&self, args: &RegisterParticipantArgs) -> Result<()> {
        self.config.check_version()?;
        require_keys_neq!(args.payout, Pubkey::default(), RegistryError::PayoutMissing);
        Ok(())
    }
}

pub fn handle_register_participant(
    ctx: Context<RegisterParticipant>,
    args: RegisterParticipantArgs,
) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let (owner, stake_mint) = (ctx.accounts.owner.key(), ctx.accounts.stake_mint.key());
    let participant = &mut ctx.accounts.participant;
    participant.set_inner(Participant {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.participant,
        owner,
        kind: args.kind,
        stake_mint,
        hot: Pubkey::default(),
        hot_scope: 0,
        hot_expires_at: 0,
        payout: args.payout,
        stake_free: 0,
        stake_locked: 0,
        unbonding: [Unbonding::default(); MAX_UNBONDING],
        slashed_total: 0,
        status: ParticipantStatus::Active,
        node_count: 0,
        active_commitments: 0,
        active_contracts: 0,
        next_contract_nonce: 0,
        slash_window_began_at: 0,
        slash_window_stake: 0,
        slashed_in_window: 0,
        inactive_nodes: 0,
        closed_nodes: 0,
        auditor_admitted_at: 0,
        reserved: [0; PARTICIPANT_RESERVED_BYTES],
    });
    participant.invariant()?;
    emit_cpi!(ParticipantRegistered {
        participant: participant.key(),
        owner,
        kind: args.kind,
        stake_mint,
        payout: args.payout,
    });
    Ok(())
}
