use anchor_lang::prelude::*;
use market::{RecordSettlementArgs, SettlementOutcome};
use registry::{AUTHORITY_SEED, SETTLEMENT_AUTHORITY_AND_BUMP};

/// Calls into market and registry, signed with this program's own address.
pub(crate) struct ProgramCalls<'info> {
    pub settlement_authority: AccountInfo<'info>,
    pub market_program: AccountInfo<'info>,
    pub market_event_authority: AccountInfo<'info>,
    pub registry_program: AccountInfo<'info>,
    pub registry_event_authority: AccountInfo<'info>,
}

/// Gathers the accounts that `ProgramCalls` needs from an accounts struct that names them so.
macro_rules! program_calls {
    ($accounts:expr) => {
        $crate::program_calls::ProgramCalls {
            settlement_authority: $accounts.settlement_authority.to_account_info(),
            market_program: $accounts.market_program.to_account_info(),
            market_event_authority: $accounts.market_event_authority.to_account_info(),
            registry_program: $accounts.registry_program.to_account_info(),
            registry_event_authority: $accounts.registry_event_authority.to_account_info(),
        }
    };
}
pub(crate) use program_calls;

impl<'info> ProgramCalls<'info> {
    /// The market fixes the gross of a new commitment, base units.
    pub fn record_commitment(
        &self,
        contract: AccountInfo<'info>,
        vault: AccountInfo<'info>,
        kind: u8,
        bytes: u64,
    ) -> Result<u64> {
        let accounts = market::cpi::accounts::RecordCommitment {
            settlement_authority: self.settlement_authority.clone(),
            contract,
            vault,
            event_authority: self.market_event_authority.clone(),
            program: self.market_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            Ok(market::cpi::record_commitment(context, kind, bytes)?.get())
        })
    }

    /// The market turns gross into debts.
    pub fn record_settlement(
        &self,
        contract: AccountInfo<'info>,
        vault: AccountInfo<'info>,
        args: RecordSettlementArgs,
    ) -> Result<SettlementOutcome> {
        let accounts = market::cpi::accounts::RecordSettlement {
            settlement_authority: self.settlement_authority.clone(),
            contract,
            vault,
            event_authority: self.market_event_authority.clone(),
            program: self.market_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            Ok(market::cpi::record_settlement(context, args)?.get())
        })
    }

    /// The market drops an open gross.
    pub fn record_void(
        &self,
        contract: AccountInfo<'info>,
        vault: AccountInfo<'info>,
        gross: u64,
    ) -> Result<()> {
        let accounts = market::cpi::accounts::RecordVoid {
            settlement_authority: self.settlement_authority.clone(),
            contract,
            vault,
            event_authority: self.market_event_authority.clone(),
            program: self.market_program.clone(),
        };
        with_authority(|seeds| {
            market::cpi::record_void(
                CpiContext::new_with_signer(market::ID, accounts, seeds),
                gross,
            )
        })
    }

    /// The registry binds a seller's stake.
    pub fn lock_stake(&self, seller: AccountInfo<'info>, amount: u64) -> Result<()> {
        let accounts = registry::cpi::accounts::LockStake {
            settlement_authority: self.settlement_authority.clone(),
            participant: seller,
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            registry::cpi::lock_stake(context, amount)
        })
    }

    /// The registry frees a seller's stake.
    pub fn unlock_stake(&self, seller: AccountInfo<'info>, amount: u64) -> Result<()> {
        let accounts = registry::cpi::accounts::UnlockStake {
            settlement_authority: self.settlement_authority.clone(),
            participant: seller,
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            registry::cpi::unlock_stake(context, amount)
        })
    }
}

/// Runs a call with the signer seeds of this program's own address.
pub(crate) fn with_authority<T>(call: impl FnOnce(&[&[&[u8]]]) -> Result<T>) -> Result<T> {
    let bump = [SETTLEMENT_AUTHORITY_AND_BUMP.1];
    call(&[&[AUTHORITY_SEED, &bump]])
}
