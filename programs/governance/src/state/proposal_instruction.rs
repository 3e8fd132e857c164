use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::Instruction;

use crate::constants::{MAX_INSTRUCTION_ACCOUNTS, MAX_INSTRUCTION_DATA_BYTES, RESERVED_BYTES};
use crate::error::GovernanceError;

/// One account that an instruction names.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionAccount {
    pub address: Pubkey,
    /// Set for the board's vault, or for a key that will sign the execution itself.
    pub is_signer: bool,
    pub is_writable: bool,
}

/// One instruction of a proposal, at `["instruction", proposal, index]`.
#[account]
#[derive(InitSpace)]
pub struct ProposalInstruction {
    pub version: u8,
    pub bump: u8,
    pub proposal: Pubkey,
    pub index: u8,
    pub program_id: Pubkey,
    /// Bytes that the data will have once it is whole.
    pub data_bytes: u16,
    #[max_len(MAX_INSTRUCTION_ACCOUNTS)]
    pub accounts: Vec<InstructionAccount>,
    #[max_len(MAX_INSTRUCTION_DATA_BYTES)]
    pub data: Vec<u8>,
    pub reserved: [u8; RESERVED_BYTES],
}

impl ProposalInstruction {
    /// Bytes of an account for so many accounts and bytes of data, no more than the limits.
    pub fn space(accounts: usize, data_bytes: u16) -> usize {
        let spare_accounts = MAX_INSTRUCTION_ACCOUNTS.saturating_sub(accounts);
        let spare_data = MAX_INSTRUCTION_DATA_BYTES.saturating_sub(usize::from(data_bytes));
        (8 + ProposalInstruction::INIT_SPACE)
            .saturating_sub(spare_accounts.saturating_mul(InstructionAccount::INIT_SPACE))
            .saturating_sub(spare_data)
    }

    /// Writes the next bytes of the data; a repeated transaction finds its place taken.
    pub fn append_data(&mut self, offset: u16, bytes: &[u8]) -> Result<()> {
        let end = self.data.len().saturating_add(bytes.len());
        require!(
            usize::from(offset) == self.data.len() && end <= usize::from(self.data_bytes),
            GovernanceError::DataOutOfOrder
        );
        self.data.extend_from_slice(bytes);
        Ok(())
    }

    /// The instruction as the runtime takes it.
    pub fn to_instruction(&self) -> Instruction {
        let accounts = self.accounts.iter().map(|account| AccountMeta {
            pubkey: account.address,
            is_signer: account.is_signer,
            is_writable: account.is_writable,
        });
        Instruction {
            program_id: self.program_id,
            accounts: accounts.collect(),
            data: self.data.clone(),
        }
    }

    pub fn invariant(&self) -> Result<()> {
        require!(
            self.accounts.len() <= MAX_INSTRUCTION_ACCOUNTS,
            GovernanceError::TooManyAccounts
        );
        require!(
            usize::from(self.data_bytes) <= MAX_INSTRUCTION_DATA_BYTES,
            GovernanceError::DataTooLong
        );
        require!(
            self.data.len() <= usize::from(self.data_bytes),
            GovernanceError::DataOutOfOrder
        );
        Ok(())
    }
}
