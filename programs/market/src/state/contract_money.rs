use anchor_lang::prelude::*;
use protocol_core::{compute_max_epoch_gross, compute_reserve, compute_spare, max_epoch_bytes};

use crate::constants::TREASURY_INDEX;
use crate::error::MarketError;
use crate::state::{Contract, ContractState};

impl Contract {
    pub fn owed_total(&self) -> Result<u64> {
        { self.owed }
            .iter()
            .try_fold(0, |sum, owed| add(sum, *owed))
    }

    /// What the vault holds for others than the content provider: debts, and challengers' money.
    pub fn spoken_for(&self) -> Result<u64> {
        add(self.owed_total()?, self.held_total)
    }

    /// What new commitments and top-ups may still draw on.
    pub fn spare(&self, vault_balance: u64) -> Result<u64> {
        Ok(compute_spare(
            vault_balance,
            self.spoken_for()?,
            self.open_gross,
        ))
    }

    /// What the vault has to hold beyond what is owed: as many of the epochs that can still be
    /// committed as the prefund asks for, and what is open (protocol 6.6).
    pub fn reserve(&self, now: i64) -> Result<u64> {
        let dearest = { self.price_per_gigabyte }
            .iter()
            .copied()
            .max()
            .unwrap_or(0);
        let max_epoch_gross = compute_max_epoch_gross(
            self.cap_kilobits_per_second,
            self.epoch_length_secs,
            dearest,
            self.commit_fee_per_epoch,
        )
        .map_err(|_| MarketError::AmountOverflow)?;
        let commit_secs =
            i64::from(self.commit_delay_secs).saturating_add(i64::from(self.commit_window_secs));
        // In the last second of its window an epoch can still be committed.
        let past = self.epochs_ended_by(now.saturating_sub(commit_secs).saturating_sub(1));
        let ahead = u16::try_from(self.epoch_count.saturating_sub(past)).unwrap_or(u16::MAX);
        compute_reserve(
            self.prefund_epochs.min(ahead),
            max_epoch_gross,
            self.open_gross,
        )
        .map_err(|_| MarketError::AmountOverflow.into())
    }

    /// What the content provider may take out now.
    pub fn excess(&self, vault_balance: u64, now: i64) -> Result<u64> {
        let kept = add(self.reserve(now)?, self.spoken_for()?)?;
        Ok(vault_balance.saturating_sub(kept))
    }

    /// Moves between Proposed, Active and Underfunded as the vault stands; returns the state before.
    pub fn update_funding(&mut self, vault_balance: u64, now: i64) -> Result<ContractState> {
        let before = self.state;
        let needed = add(self.reserve(now)?, self.spoken_for()?)?;
        self.state = match (before, vault_balance >= needed) {
            (ContractState::Proposed | ContractState::Underfunded, true) => ContractState::Active,
            (ContractState::Active, false) => ContractState::Underfunded,
            (state, _) => state,
        };
        Ok(before)
    }

    /// Bytes that the cap can carry in one epoch.
    pub fn max_epoch_bytes(&self) -> Result<u64> {
        max_epoch_bytes(self.cap_kilobits_per_second, self.epoch_length_secs)
            .map_err(|_| MarketError::AmountOverflow.into())
    }

    /// Owner of the token account that payee `index` is paid into.
    pub fn payee(&self, index: u8) -> Result<Pubkey> {
        let index = usize::from(index);
        if index == TREASURY_INDEX {
            return Ok(self.treasury);
        }
        let used = self
            .splits
            .get(..usize::from(self.split_count))
            .unwrap_or_default();
        let split = used.get(index).ok_or(MarketError::PayeeIndexInvalid)?;
        Ok(split.payee)
    }

    /// A payout goes to nobody but the payee of its index.
    pub fn validate_payee(&self, index: u8, key: &Pubkey) -> Result<()> {
        require_keys_eq!(self.payee(index)?, *key, MarketError::WrongPayee);
        Ok(())
    }

    /// Takes what payee `index` is owed; the caller transfers it.
    pub fn take_owed(&mut self, index: u8) -> Result<u64> {
        let mut owed = self.owed;
        let place = owed
            .get_mut(usize::from(index))
            .ok_or(MarketError::PayeeIndexInvalid)?;
        require!(*place > 0, MarketError::NothingToPay);
        let amount = std::mem::take(place);
        self.owed = owed;
        Ok(amount)
    }

    /// INV-3: the vault covers all debts and all open gross, and the totals agree.
    pub fn invariant(&self, vault_balance: u64) -> Result<()> {
        let committed = add(self.spoken_for()?, self.open_gross)?;
        require!(vault_balance >= committed, MarketError::VaultTooSmall);
        let earned = { self.gross_total }
            .iter()
            .try_fold(self.top_up_total, |sum, gross| add(sum, *gross))?;
        require!(
            add(self.paid_total, self.penalty_total)? == earned,
            MarketError::InvariantBroken
        );
        let settled = u64::from(self.settled_commitments) == self.history_size;
        let bonded = self.bond_free <= self.bond_total;
        require!(settled && bonded, MarketError::InvariantBroken);
        Ok(())
    }
}

pub(crate) fn add(a: u64, b: u64) -> Result<u64> {
    a.checked_add(b)
        .ok_or_else(|| MarketError::AmountOverflow.into())
}
