use anchor_lang::prelude::*;
use protocol_core::{
    append_history, compute_history_leaf, compute_lock, compute_payable_gross, compute_settlement,
    compute_severe_slash, compute_top_up, HistoryEntry, SettlementInput,
};

use crate::constants::{KIND_COSIGNED, KIND_COUNT, MAX_SPLITS, TREASURY_INDEX};
use crate::error::MarketError;
use crate::state::{add, Contract, ContractState};

/// One commitment as the settlement program asks for it.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct RecordCommitmentArgs {
    pub epoch: u32,
    pub kind: u8,
    pub bytes: u64,
}

/// What a commitment is worth and what it locks, base units.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitmentRecord {
    pub gross: u64,
    pub lock: u64,
}

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
    pub lock: u64,
    /// The lock stands in the registry, not in the bond: a commitment of the first cut.
    pub adopts_lock: bool,
    pub penalty_basis_points: u16,
    pub is_severe: bool,
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
    /// Of the lock, for a severe breach.
    pub slashed: u64,
    pub history_size: u64,
}

impl Contract {
    /// Fixes the gross of a new commitment, never more than the vault can spare, for traffic beyond the funded amount
    /// was served at the seller's risk; and locks bond for it.
    pub fn record_commitment(
        &mut self,
        args: &RecordCommitmentArgs,
        vault_balance: u64,
    ) -> Result<CommitmentRecord> {
        require!(
            self.is_running() || self.state == ContractState::Closing,
            MarketError::ContractStateInvalid
        );
        let price = { self.price_per_gigabyte }
            .get(usize::from(args.kind))
            .copied()
            .ok_or(MarketError::KindUnknown)?;
        self.enter_epoch(args)?;
        let spare = self.spare(vault_balance)?;
        let gross = compute_payable_gross(args.bytes, price, spare)
            .map_err(|_| MarketError::AmountOverflow)?;
        let lock = match args.kind {
            KIND_COSIGNED => 0,
            _ => compute_lock(gross, self.slash_multiplier_basis_points)
                .map_err(|_| MarketError::AmountOverflow)?,
        };
        self.lock_bond(lock)?;
        self.open_gross = add(self.open_gross, gross)?;
        self.open_commitments = self
            .open_commitments
            .checked_add(1)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(CommitmentRecord { gross, lock })
    }

    /// Epochs come in order and each kind once in its epoch, so that no epoch is committed twice, whatever became of the
    /// first commitment's account; the kinds of an epoch share its cap.
    fn enter_epoch(&mut self, args: &RecordCommitmentArgs) -> Result<()> {
        let bit = 1u8
            .checked_shl(u32::from(args.kind))
            .ok_or(MarketError::KindUnknown)?;
        let is_new = args.epoch > self.committed_epoch;
        require!(
            is_new || args.epoch == self.committed_epoch,
            MarketError::EpochOutOfOrder
        );
        let (kinds, bytes) = match is_new {
            true => (0, 0),
            false => (self.committed_kinds, self.committed_bytes),
        };
        require!(kinds & bit == 0, MarketError::EpochCommitted);
        let bytes = add(bytes, args.bytes)?;
        require!(bytes <= self.max_epoch_bytes()?, MarketError::BytesAboveCap);
        self.committed_epoch = args.epoch;
        self.committed_kinds = kinds | bit;
        self.committed_bytes = bytes;
        Ok(())
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
        let top_up = compute_top_up(
            args.top_up_eligible,
            self.commit_fee_per_epoch,
            args.gross,
            self.spare(vault_balance)?,
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
            slashed: self.severe_slash(args)?,
            history_size: self.append_history(args, settlement.penalty)?,
        };
        if args.adopts_lock {
            self.adopt_lock(args.lock)?;
        }
        self.unlock_bond(args.lock, outcome.slashed)?;
        self.slash_pending = add(self.slash_pending, outcome.slashed)?;
        self.add_totals(args, &outcome)?;
        self.credit(&outcome)?;
        Ok(outcome)
    }

    /// Drops a commitment that ended without pay and without fault.
    pub fn record_void(&mut self, gross: u64, lock: u64) -> Result<()> {
        self.unlock_bond(lock, 0)?;
        self.close_gross(gross)
    }

    /// Drops a commitment that failed; the caller moves what is slashed into the vault.
    pub fn record_failure(&mut self, gross: u64, lock: u64, slashed: u64) -> Result<()> {
        self.unlock_bond(lock, slashed)?;
        self.close_gross(gross)
    }

    /// Shares out what a failure brought into the vault: the content provider's part is the vault's excess.
    pub fn credit_slash(&mut self, challenger: u64, treasury: u64) -> Result<()> {
        self.held_total = add(self.held_total, challenger)?;
        let mut owed = self.owed;
        if let Some(place) = owed.get_mut(TREASURY_INDEX) {
            *place = add(*place, treasury)?;
        }
        self.owed = owed;
        Ok(())
    }

    /// A challenger's bond has come into the vault.
    pub fn hold(&mut self, amount: u64) -> Result<()> {
        self.held_total = add(self.held_total, amount)?;
        Ok(())
    }

    /// Takes what a challenge pays out of the held money; the caller transfers it.
    pub fn release_held(&mut self, amount: u64) -> Result<()> {
        self.held_total = self
            .held_total
            .checked_sub(amount)
            .ok_or(MarketError::InvariantBroken)?;
        Ok(())
    }

    fn severe_slash(&self, args: &RecordSettlementArgs) -> Result<u64> {
        if !args.is_severe {
            return Ok(0);
        }
        compute_severe_slash(
            args.lock,
            self.commit_fee_per_epoch,
            self.sla.slash_basis_points,
        )
        .map_err(|_| MarketError::AmountOverflow.into())
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
        let size = append_history(&mut self.history_frontier, self.history_size, leaf)
            .map_err(|_| MarketError::HistoryFull)?;
        self.history_size = size;
        self.settled_commitments = self
            .settled_commitments
            .checked_add(1)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(size)
    }

    fn add_totals(
        &mut self,
        args: &RecordSettlementArgs,
        outcome: &SettlementOutcome,
    ) -> Result<()> {
        self.cum_bytes = add_at(self.cum_bytes, args.kind, args.total_bytes)?;
        self.gross_total = add_at(self.gross_total, args.kind, args.gross)?;
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
        let mut owed = self.owed;
        for (owed, credit) in owed.iter_mut().zip(credits) {
            *owed = add(*owed, *credit)?;
        }
        self.owed = owed;
        Ok(())
    }
}

fn add_at(mut totals: [u64; KIND_COUNT], kind: u8, amount: u64) -> Result<[u64; KIND_COUNT]> {
    let total = totals
        .get_mut(usize::from(kind))
        .ok_or(MarketError::KindUnknown)?;
    *total = add(*total, amount)?;
    Ok(totals)
}
