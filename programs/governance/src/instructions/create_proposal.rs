use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, MAX_SEATS, PROPOSAL_SEED, RESERVED_BYTES};
use crate::events::ProposalCreated;
use crate::state::{Ballot, Board, Proposal, ProposalStatus};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct CreateProposalArgs {
    pub number: u64,
    /// SHA-256 of the text that explains the proposal.
    pub description_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateProposalArgs)]
pub struct CreateProposal<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub proposer: Signer<'info>,
    #[account(mut)]
    pub board: Box<Account<'info, Board>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Proposal::INIT_SPACE,
        seeds = [PROPOSAL_SEED, board.key().as_ref(), &args.number.to_le_bytes()],
        bump
    )]
    pub proposal: Box<Account<'info, Proposal>>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_proposal(
    ctx: Context<CreateProposal>,
    args: CreateProposalArgs,
) -> Result<()> {
    let proposer = ctx.accounts.proposer.key();
    let board = &mut ctx.accounts.board;
    board.find_seat(&proposer)?;
    board.number_proposal(args.number)?;
    board.invariant()?;
    let proposal = &mut ctx.accounts.proposal;
    proposal.set_inner(Proposal {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.proposal,
        board: board.key(),
        number: args.number,
        proposer,
        rent_payer: ctx.accounts.payer.key(),
        description_hash: args.description_hash,
        status: ProposalStatus::Draft,
        seats_epoch: board.seats_epoch,
        instruction_count: 0,
        missing_data_bytes: 0,
        ballots: [Ballot::None; MAX_SEATS],
        votes_for: 0,
        votes_against: 0,
        voting_ends_at: 0,
        executable_at: 0,
        expires_at: 0,
        reserved: [0; RESERVED_BYTES],
    });
    proposal.invariant()?;
    emit_cpi!(ProposalCreated {
        proposal: proposal.key(),
        board: proposal.board,
        number: proposal.number,
        proposer,
        description_hash: proposal.description_hash,
        seats_epoch: proposal.seats_epoch,
    });
    Ok(())
}
