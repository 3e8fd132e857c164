use anchor_lang::prelude::*;
use protocol_core::{
    append_history, compute_history_leaf, compute_max_epoch_gross, compute_payable_gross,
    compute_reserve, compute_settlement, compute_spare, compute_top_up, max_epoch_bytes,
    HistoryEntry, SettlementInput,
};

use crate::constants::{MAX_SPLITS, TREASURY_INDEX};
use crate::error::MarketError;
use crate::state::{Contract, ContractState};

/// One settlement as the settlement program asks for it.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct RecordSettlementArgs {
    /// Address of the DeliveryCommitment.
    pub commitment: Pubkey,
    pub epoch: u32,
    pub kind: u8,
    pub root: [u8; 32],
    pub total_bytes: u64,
    /// As `record_commitment` fixed it, base units.
    pub gross: u64,
    pub penalty_basis_points: u16,
    pub top_up_eligible: bool,
}

/// What one settlement came to (protocol 6.9), base units.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct SettlementOutcome {
    pub top_up: u64,
    pub penalty: u64,
    pub net: u64,
    pub fee: u64,
    /// In the order of the contract's splits.
    pub payouts: [u64; MAX_SPLITS],
    /// The fee and the dust of the floors.
    pub treasury: u64,
    pub history_size: u64,
}

impl Contract {
    pub fn owed_total(&self) -> Result<u64> {
        self.owed.iter().try_fold(0, |sum, owed| add(sum, *owed))
    }

    /// What the vault has to hold beyond what is owed: as many of the epochs that can still be
    /// committed as the prefund asks for, and what is open (protocol 6.6).
    pub fn reserve(&self, now: i64) -> Result<u64> {
        let dearest = self.price_per_gigabyte.iter().copied().max().unwrap_or(0);
        let max_epoch_gross = compute_max_epoch_gross(
            self.cap_kilobits_per_second,
            self.epoch_length_secs,
            dearest,
            self.commit_fee_per_epoch,
        )
        .map_err(|_| MarketError::AmountOverflow)?;
        let commit_secs =
            i64::from(self.commit_delay_secs).saturating_add(i64::from(self.commit_window_secs));
        let past = self.epochs_ended_by(now.saturating_sub(commit_secs));
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
        let kept = add(self.reserve(now)?, self.owed_total()?)?;
        Ok(vault_balance.saturating_sub(kept))
    }

    /// Moves between Proposed, Active and Underfunded as the vault stands; returns the state before.
    pub fn update_funding(&mut self, vault_balance: u64, now: i64) -> Result<ContractState> {
        let before = self.state;
        let needed = add(self.reserve(now)?, self.owed_total()?)?;
        self.state = match (before, vault_balance >= needed) {
            (ContractState::Proposed | ContractState::Underfunded, true) => ContractState::Active,
            (ContractState::Active, false) => ContractState::Underfunded,
            (state, _) => state,
        };
        Ok(before)
    }

    /// Fixes the gross of a new commitment: never more than the vault can spare, for traffic beyond
    /// the funded amount was served at the seller's risk.
    pub fn record_commitment(&mut self, kind: u8, bytes: u64, vault_balance: u64) -> Result<u64> {
        require!(
            self.is_running() || self.state == ContractState::Closing,
            MarketError::ContractStateInvalid
        );
        let price = self
            .price_per_gigabyte
            .get(usize::from(kind))
            .copied()
            .ok_or(MarketError::KindUnknown)?;
        require!(bytes <= self.max_epoch_bytes()?, MarketError::BytesAboveCap);
        let spare = compute_spare(vault_balance, self.owed_total()?, self.open_gross);
        let gross =
            compute_payable_gross(bytes, price, spare).map_err(|_| MarketError::AmountOverflow)?;
        self.open_gross = add(self.open_gross, gross)?;
        self.open_commitments = self
            .open_commitments
            .checked_add(1)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(gross)
    }

    /// Bytes that the cap can carry in one epoch.
    pub fn max_epoch_bytes(&self) -> Result<u64> {
        max_epoch_bytes(self.cap_kilobits_per_second, self.epoch_length_secs)
            .map_err(|_| MarketError::AmountOverflow.into())
    }

    /// Turns open gross into debts to the payees (protocol 6.9). Settlements are independent, so
    /// their order changes no amount (INV-5).
    pub fn record_settlement(
        &mut self,
        args: &RecordSettlementArgs,
        vault_balance: u64,
    ) -> Result<SettlementOutcome> {
        require!(
            args.penalty_basis_points <= self.sla.max_penalty_basis_points,
            MarketError::PenaltyTooHigh
        );
        let spare = compute_spare(vault_balance, self.owed_total()?, self.open_gross);
        let top_up = compute_top_up(
            args.top_up_eligible,
            self.commit_fee_per_epoch,
            args.gross,
            spare,
        );
        let shares = self.splits.map(|split| split.basis_points);
        let settlement = compute_settlement(&SettlementInput {
            gross: args.gross,
            top_up,
            penalty_basis_points: args.penalty_basis_points,
            fee_basis_points: self.fee_basis_points,
            splits: shares
                .get(..usize::from(self.split_count))
                .unwrap_or_default(),
        })
        .map_err(|_| MarketError::AmountOverflow)?;
        self.close_gross(args.gross)?;
        let outcome = SettlementOutcome {
            top_up,
            penalty: settlement.penalty,
            net: settlement.net,
            fee: settlement.fee,
            payouts: settlement.payouts,
            treasury: settlement.treasury,
            history_size: self.append_history(args, settlement.penalty)?,
        };
        self.add_totals(args, &outcome)?;
        self.credit(&outcome)?;
        Ok(outcome)
    }

    /// Drops a commitment that ended without pay.
    pub fn record_void(&mut self, gross: u64) -> Result<()> {
        self.close_gross(gross)
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
        let owed = self
            .owed
            .get_mut(usize::from(index))
            .ok_or(MarketError::PayeeIndexInvalid)?;
        require!(*owed > 0, MarketError::NothingToPay);
        Ok(std::mem::take(owed))
    }

    /// INV-3: the vault covers all debts and all open gross, and the totals agree.
    pub fn invariant(&self, vault_balance: u64) -> Result<()> {
        let committed = add(self.owed_total()?, self.open_gross)?;
        require!(vault_balance >= committed, MarketError::VaultTooSmall);
        let earned = self
            .gross_total
            .iter()
            .try_fold(self.top_up_total, |sum, gross| add(sum, *gross))?;
        require!(
            add(self.paid_total, self.penalty_total)? == earned,
            MarketError::InvariantBroken
        );
        require!(
            u64::from(self.settled_commitments) == self.history_size,
            MarketError::InvariantBroken
        );
        Ok(())
    }

    fn close_gross(&mut self, gross: u64) -> Result<()> {
        self.open_gross = self
            .open_gross
            .checked_sub(gross)
            .ok_or(MarketError::OpenGrossTooSmall)?;
        self.open_commitments = self
            .open_commitments
            .checked_sub(1)
            .ok_or(MarketError::OpenGrossTooSmall)?;
        Ok(())
    }

    fn append_history(&mut self, args: &RecordSettlementArgs, penalty: u64) -> Result<u64> {
        let leaf = compute_history_leaf(&HistoryEntry {
            commitment: args.commitment.to_bytes(),
            epoch: args.epoch,
            kind: args.kind,
            root: args.root,
            total_bytes: args.total_bytes,
            gross: args.gross,
            penalty,
        });
        self.history_size = append_history(&mut self.history_frontier, self.history_size, leaf)
            .map_err(|_| MarketError::HistoryFull)?;
        self.settled_commitments = self
            .settled_commitments
            .checked_add(1)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(self.history_size)
    }

    fn add_totals(
        &mut self,
        args: &RecordSettlementArgs,
        outcome: &SettlementOutcome,
    ) -> Result<()> {
        let kind = usize::from(args.kind);
        let bytes = self
            .cum_bytes
            .get_mut(kind)
            .ok_or(MarketError::KindUnknown)?;
        *bytes = add(*bytes, args.total_bytes)?;
        let gross = self
            .gross_total
            .get_mut(kind)
            .ok_or(MarketError::KindUnknown)?;
        *gross = add(*gross, args.gross)?;
        self.penalty_total = add(self.penalty_total, outcome.penalty)?;
        self.top_up_total = add(self.top_up_total, outcome.top_up)?;
        self.paid_total = add(self.paid_total, outcome.net)?;
        Ok(())
    }

    fn credit(&mut self, outcome: &SettlementOutcome) -> Result<()> {
        let credits = outcome
            .payouts
            .iter()
            .chain(std::iter::once(&outcome.treasury));
        for (owed, credit) in self.owed.iter_mut().zip(credits) {
            *owed = add(*owed, *credit)?;
        }
        Ok(())
    }
}

pub(crate) fn add(a: u64, b: u64) -> Result<u64> {
    a.checked_add(b)
        .ok_or_else(|| MarketError::AmountOverflow.into())
}
