use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::{AccountMeta, Instruction};
use anchor_lang::solana_program::program::{get_return_data, invoke_signed_unchecked};
use anchor_lang::InstructionData;
use market::{
    instruction, CommitmentRecord, RecordCommitmentArgs, RecordSettlementArgs, RecordVoidArgs,
    SettlementOutcome,
};
use registry::{AUTHORITY_SEED, SETTLEMENT_AUTHORITY_AND_BUMP};

/// Calls into the market's books of one contract, signed with this program's own address.
pub(crate) struct MarketCpi<'info> {
    pub settlement_authority: AccountInfo<'info>,
    pub contract: AccountInfo<'info>,
    pub vault: AccountInfo<'info>,
}

/// Accounts that every instruction needs which moves a contract's books.
pub(crate) trait MarketAccounts<'info> {
    fn market_cpi(&self) -> MarketCpi<'info>;
}

macro_rules! market_accounts {
    ($($name:ident),+) => {$(
        impl<'info> $crate::market_cpi::MarketAccounts<'info> for $name<'info> {
            fn market_cpi(&self) -> $crate::market_cpi::MarketCpi<'info> {
                $crate::market_cpi::MarketCpi {
                    settlement_authority: self.settlement_authority.to_account_info(),
                    contract: self.contract.to_account_info(),
                    vault: self.vault.to_account_info(),
                }
            }
        }
    )+};
}
pub(crate) use market_accounts;

impl<'info> MarketCpi<'info> {
    pub fn of(accounts: &impl MarketAccounts<'info>) -> Self {
        accounts.market_cpi()
    }

    /// The market fixes gross and lock of a new commitment.
    pub fn record_commitment(self, args: RecordCommitmentArgs) -> Result<CommitmentRecord> {
        self.invoke(instruction::RecordCommitment { args }.data())?;
        take_return()
    }

    /// The market turns gross into debts.
    pub fn record_settlement(self, args: RecordSettlementArgs) -> Result<SettlementOutcome> {
        self.invoke(instruction::RecordSettlement { args }.data())?;
        take_return()
    }

    /// The market counts a challenger's bond that lies in the vault.
    pub fn record_held(self, amount: u64) -> Result<()> {
        self.invoke(instruction::RecordHeld { amount }.data())
    }

    /// The market drops an open gross and frees the lock.
    pub fn record_void(self, args: RecordVoidArgs) -> Result<()> {
        self.invoke(instruction::RecordVoid { args }.data())
    }

    /// These instructions take the same three accounts; Anchor's client would collect and compare them anew each time.
    fn invoke(self, data: Vec<u8>) -> Result<()> {
        let instruction = Instruction {
            program_id: market::ID,
            accounts: vec![
                AccountMeta::new_readonly(*self.settlement_authority.key, true),
                AccountMeta::new(*self.contract.key, false),
                AccountMeta::new_readonly(*self.vault.key, false),
            ],
            data,
        };
        let accounts = [self.settlement_authority, self.contract, self.vault];
        // Calling unchecked leaves out whether bytes are borrowed; only the contract's change in the call.
        require!(
            accounts[1].try_borrow_mut_data().is_ok(),
            ErrorCode::AccountDidNotDeserialize
        );
        with_authority(|seeds| {
            invoke_signed_unchecked(&instruction, &accounts, seeds).map_err(Into::into)
        })
    }
}

/// What the market answered: nothing else has been called since.
fn take_return<T: AnchorDeserialize>() -> Result<T> {
    let (_, data) = get_return_data().ok_or(ErrorCode::AccountDidNotDeserialize)?;
    T::try_from_slice(&data).map_err(Into::into)
}

/// Runs a call with the signer seeds of this program's own address.
pub(crate) fn with_authority<T>(call: impl FnOnce(&[&[&[u8]]]) -> Result<T>) -> Result<T> {
    let bump = [SETTLEMENT_AUTHORITY_AND_BUMP.1];
    call(&[&[AUTHORITY_SEED, &bump]])
}
