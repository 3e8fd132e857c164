use anchor_lang::prelude::*;

use crate::constants::{
    ACCOUNT_VERSION, INSTRUCTION_SEED, MAX_INSTRUCTION_ACCOUNTS, MAX_INSTRUCTION_DATA_BYTES,
    RESERVED_BYTES,
};
use crate::error::GovernanceError;
use crate::events::InstructionAdded;
use crate::state::{InstructionAccount, Proposal, ProposalInstruction};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct AddInstructionArgs {
    pub index: u8,
    pub program_id: Pubkey,
    pub accounts: Vec<InstructionAccount>,
    /// Bytes of the whole data; what `data` lacks is appended in further transactions.
    pub data_bytes: u16,
    pub data: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: AddInstructionArgs)]
pub struct AddInstruction<'info> {
    #[account(mut)]
    pub rent_payer: Signer<'info>,
    pub proposer: Signer<'info>,
    #[account(
        mut,
        has_one = proposer @ GovernanceError::NotProposer,
        has_one = rent_payer @ GovernanceError::WrongRentPayer
    )]
    pub proposal: Box<Account<'info, Proposal>>,
    #[account(
        init,
        payer = rent_payer,
        space = ProposalInstruction::space(args.accounts.len(), args.data_bytes),
        seeds = [INSTRUCTION_SEED, proposal.key().as_ref(), &[args.index]],
        bump
    )]
    pub instruction: Box<Account<'info, ProposalInstruction>>,
    pub system_program: Program<'info, System>,
}

impl AddInstruction<'_> {
    fn validate(&self, args: &AddInstructionArgs) -> Result<u16> {
        require!(
            args.accounts.len() <= MAX_INSTRUCTION_ACCOUNTS,
            GovernanceError::TooManyAccounts
        );
        require!(
            usize::from(args.data_bytes) <= MAX_INSTRUCTION_DATA_BYTES,
            GovernanceError::DataTooLong
        );
        let given = u16::try_from(args.data.len()).map_err(|_| GovernanceError::DataTooLong)?;
        args.data_bytes
            .checked_sub(given)
            .ok_or_else(|| error!(GovernanceError::DataOutOfOrder))
    }
}

pub fn handle_add_instruction(
    ctx: Context<AddInstruction>,
    args: AddInstructionArgs,
) -> Result<()> {
    let missing_bytes = ctx.accounts.validate(&args)?;
    let proposal = &mut ctx.accounts.proposal;
    proposal.add_instruction(args.index, missing_bytes)?;
    proposal.invariant()?;
    let instruction = &mut ctx.accounts.instruction;
    let account_count =
        u8::try_from(args.accounts.len()).map_err(|_| GovernanceError::TooManyAccounts)?;
    instruction.set_inner(ProposalInstruction {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.instruction,
        proposal: proposal.key(),
        index: args.index,
        program_id: args.program_id,
        data_bytes: args.data_bytes,
        accounts: args.accounts,
        data: args.data,
        reserved: [0; RESERVED_BYTES],
    });
    instruction.invariant()?;
    emit_cpi!(InstructionAdded {
        proposal: proposal.key(),
        index: instruction.index,
        program_id: instruction.program_id,
        account_count,
        data_bytes: instruction.data_bytes,
        missing_data_bytes: proposal.missing_data_bytes,
    });
    Ok(())
}
