use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::Instruction;

use crate::error::GovernanceError;
use crate::state::ProposalInstruction;

/// The remaining accounts of an instruction that goes through a proposal's instructions. Owner, type,
/// relation, order and address are checked for each.
pub(crate) struct ProposalAccounts<'info> {
    proposal: Pubkey,
    rest: &'info [AccountInfo<'info>],
}

impl<'info> ProposalAccounts<'info> {
    pub fn new(proposal: Pubkey, rest: &'info [AccountInfo<'info>]) -> Self {
        Self { proposal, rest }
    }

    /// The proposal's instruction of this index.
    pub fn next_instruction(
        &mut self,
        index: u8,
    ) -> Result<Box<Account<'info, ProposalInstruction>>> {
        let [info] = self.take(1)? else {
            return err!(GovernanceError::AccountMismatch);
        };
        let instruction = Box::new(Account::<ProposalInstruction>::try_from(info)?);
        require!(
            instruction.proposal == self.proposal && instruction.index == index,
            GovernanceError::InstructionMismatch
        );
        Ok(instruction)
    }

    /// The proposal's instruction of this index, and what the runtime needs to run it.
    pub fn next_call(&mut self, index: u8) -> Result<(Instruction, &'info [AccountInfo<'info>])> {
        let instruction = self.next_instruction(index)?.to_instruction();
        // The program stands before the accounts.
        let infos = self.take(instruction.accounts.len().saturating_add(1))?;
        let expected = std::iter::once(&instruction.program_id)
            .chain(instruction.accounts.iter().map(|meta| &meta.pubkey));
        require!(
            infos.iter().map(|info| info.key).eq(expected),
            GovernanceError::AccountMismatch
        );
        Ok((instruction, infos))
    }

    /// Refuses accounts that nothing asked for.
    pub fn end(&self) -> Result<()> {
        require!(self.rest.is_empty(), GovernanceError::AccountMismatch);
        Ok(())
    }

    fn take(&mut self, count: usize) -> Result<&'info [AccountInfo<'info>]> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(GovernanceError::AccountMismatch)?;
        self.rest = rest;
        Ok(taken)
    }
}
