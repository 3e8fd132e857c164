use anchor_lang::prelude::*;
use market::{
    CommitmentRecord, RecordCommitmentArgs, RecordSettlementArgs, RecordVoidArgs, SettlementOutcome,
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
        let accounts = market::cpi::accounts::RecordCommitment {
            settlement_authority: self.settlement_authority,
            contract: self.contract,
            vault: self.vault,
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            Ok(market::cpi::record_commitment(context, args)?.get())
        })
    }

    /// The market turns gross into debts.
    pub fn record_settlement(self, args: RecordSettlementArgs) -> Result<SettlementOutcome> {
        let accounts = market::cpi::accounts::RecordSettlement {
            settlement_authority: self.settlement_authority,
            contract: self.contract,
            vault: self.vault,
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            Ok(market::cpi::record_settlement(context, args)?.get())
        })
    }

    /// The market counts a challenger's bond that lies in the vault.
    pub fn record_held(self, amount: u64) -> Result<()> {
        let accounts = market::cpi::accounts::RecordHeld {
            settlement_authority: self.settlement_authority,
            contract: self.contract,
            vault: self.vault,
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(market::ID, accounts, seeds);
            market::cpi::record_held(context, amount)
        })
    }

    /// The market drops an open gross and frees the lock.
    pub fn record_void(self, args: RecordVoidArgs) -> Result<()> {
        let accounts = market::cpi::accounts::RecordVoid {
            settlement_authority: self.settlement_authority,
            contract: self.contract,
            vault: self.vault,
        };
        with_authority(|seeds| {
            market::cpi::record_void(
                CpiContext::new_with_signer(market::ID, accounts, seeds),
                args,
            )
        })
    }
}

/// Runs a call with the signer seeds of this program's own address.
pub(crate) fn with_authority<T>(call: impl FnOnce(&[&[&[u8]]]) -> Result<T>) -> Result<T> {
    let bump = [SETTLEMENT_AUTHORITY_AND_BUMP.1];
    call(&[&[AUTHORITY_SEED, &bump]])
}
