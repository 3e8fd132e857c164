use anchor_lang::prelude::*;

use crate::error::MarketError;
use crate::state::{add, Contract};

/// The seller binds stake to a contract once; commitments lock it without touching the registry. `bond_total` and what
/// is slashed but not collected are the contract's part of the seller's locked stake (INV-6).
impl Contract {
    /// Adds stake that the registry has locked.
    pub fn bond(&mut self, amount: u64) -> Result<()> {
        require!(amount > 0, MarketError::AmountZero);
        require!(!self.is_terminal(), MarketError::ContractStateInvalid);
        self.bond_total = add(self.bond_total, amount)?;
        self.bond_free = add(self.bond_free, amount)?;
        Ok(())
    }

    /// Gives stake back that no commitment has locked; the caller lets the registry free it.
    pub fn release_bond(&mut self, amount: u64) -> Result<()> {
        require!(amount > 0, MarketError::AmountZero);
        self.take_free(amount)?;
        self.bond_total = take(self.bond_total, amount)?;
        Ok(())
    }

    /// Binds free bond to one commitment.
    pub(crate) fn lock_bond(&mut self, amount: u64) -> Result<()> {
        self.take_free(amount)
    }

    /// Frees the lock of a commitment but for what of it is slashed.
    pub(crate) fn unlock_bond(&mut self, lock: u64, slashed: u64) -> Result<()> {
        self.bond_free = add(self.bond_free, take(lock, slashed)?)?;
        self.bond_total = take(self.bond_total, slashed)?;
        Ok(())
    }

    /// Takes a lock over that the first cut left with the registry: the seller's locked stake holds it already.
    pub(crate) fn adopt_lock(&mut self, lock: u64) -> Result<()> {
        self.bond_total = add(self.bond_total, lock)?;
        Ok(())
    }

    /// What was slashed and is not collected; the caller moves it from the stake vault into this contract's vault.
    pub fn take_slash_pending(&mut self) -> Result<u64> {
        let amount = self.slash_pending;
        require!(amount > 0, MarketError::NothingToPay);
        self.slash_pending = 0;
        Ok(amount)
    }

    fn take_free(&mut self, amount: u64) -> Result<()> {
        self.bond_free = self
            .bond_free
            .checked_sub(amount)
            .ok_or(MarketError::BondTooSmall)?;
        Ok(())
    }
}

fn take(from: u64, amount: u64) -> Result<u64> {
    from.checked_sub(amount)
        .ok_or_else(|| MarketError::InvariantBroken.into())
}
