use anchor_lang::prelude::*;

use crate::error::GovernanceError;
use crate::events::InstructionDataAppended;
use crate::state::{Proposal, ProposalInstruction};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct AppendInstructionDataArgs {
    /// Where the bytes begin: after those that stand there already.
    pub offset: u16,
    pub bytes: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct AppendInstructionData<'info> {
    pub proposer: Signer<'info>,
    #[account(mut, has_one = proposer @ GovernanceError::NotProposer)]
    pub proposal: Box<Account<'info, Proposal>>,
    #[account(mut, has_one = proposal @ GovernanceError::InstructionMismatch)]
    pub instruction: Box<Account<'info, ProposalInstruction>>,
}

pub fn handle_append_instruction_data(
    ctx: Context<AppendInstructionData>,
    args: AppendInstructionDataArgs,
) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    proposal.require_draft()?;
    let instruction = &mut ctx.accounts.instruction;
    instruction.append_data(args.offset, &args.bytes)?;
    instruction.invariant()?;
    let bytes = u16::try_from(args.bytes.len()).map_err(|_| GovernanceError::DataTooLong)?;
    proposal.append_data(bytes)?;
    proposal.invariant()?;
    emit_cpi!(InstructionDataAppended {
        proposal: proposal.key(),
        index: instruction.index,
        offset: args.offset,
        bytes,
        missing_data_bytes: proposal.missing_data_bytes,
    });
    Ok(())
}
