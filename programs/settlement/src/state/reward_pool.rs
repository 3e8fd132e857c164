use anchor_lang::prelude::*;
use protocol_core::{
    check_reward_decrease, check_reward_successor, verify_reward, CoreError, RewardEntry,
    RewardProof, RewardRoot,
};
use registry::RESERVED_BYTES;

use crate::constants::{MAX_REWARD_COUNT, MAX_REWARD_DELAY_SECS, MIN_REWARD_DELAY_SECS};
use crate::error::SettlementError;

/// What a pool promises, or is about to.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct RewardTree {
    /// RFC 9162 tree head over the members' entries in the order of their index.
    pub root: [u8; 32],
    /// Members.
    pub count: u32,
    /// Sum of all lifetime amounts, as the aggregator states it; no more is ever paid.
    pub total_lifetime: u64,
}

impl RewardTree {
    pub fn to_core(&self) -> RewardRoot {
        RewardRoot {
            root: self.root,
            count: self.count,
            total_lifetime: self.total_lifetime,
        }
    }

    /// Inclusion of an entry at its own index.
    pub fn verify(&self, entry: &RewardEntry, path: &[[u8; 32]]) -> Result<()> {
        verify_reward(&self.to_core(), &RewardProof { entry, path })
            .map_err(|_| SettlementError::RewardProofInvalid.into())
    }
}

/// Money of many members, at `["rpool", creator, id]`. A member's amount is what it has earned since the pool's beginning.
#[account]
#[derive(InitSpace)]
pub struct RewardPool {
    pub version: u8,
    pub bump: u8,
    /// Participant; its owner may take back what no member has been promised.
    pub creator: Pubkey,
    pub id: u64,
    pub mint: Pubkey,
    /// Owner of the mint.
    pub token_program: Pubkey,
    /// The pool's associated token account.
    pub vault: Pubkey,
    /// Key that proposes roots.
    pub aggregator: Pubkey,
    /// Base units that the aggregator puts up for each root.
    pub bond: u64,
    /// From the proposal of a root to its activation.
    pub delay_secs: i64,
    /// In force.
    pub active: RewardTree,
    pub paid_total: u64,
    /// All zero where none is.
    pub pending: RewardTree,
    /// From when on the pending root can be activated, Unix seconds.
    pub eta_at: i64,
    /// The bond of the pending root; 0 where none is.
    pub bond_held: u64,
    /// Statuses that stand.
    pub status_count: u32,
    pub is_retired: bool,
    pub rent_payer: Pubkey,
    pub reserved: [u8; RESERVED_BYTES],
}

impl RewardPool {
    /// Bounds of a new pool.
    pub fn validate_terms(delay_secs: i64, bond: u64, is_development: bool) -> Result<()> {
        let least = match is_development {
            true => 1,
            false => MIN_REWARD_DELAY_SECS,
        };
        require!(
            (least..=MAX_REWARD_DELAY_SECS).contains(&delay_secs),
            SettlementError::RewardDelayOutOfRange
        );
        require!(bond > 0, SettlementError::RewardBondZero);
        Ok(())
    }

    pub fn validate_live(&self) -> Result<()> {
        require!(!self.is_retired, SettlementError::RewardPoolOver);
        Ok(())
    }

    pub fn validate_settled_root(&self) -> Result<()> {
        require!(self.bond_held == 0, SettlementError::RewardRootPending);
        Ok(())
    }

    pub fn validate_pending(&self) -> Result<()> {
        require!(self.bond_held > 0, SettlementError::RewardRootMissing);
        Ok(())
    }

    pub fn validate_due(&self, now: i64) -> Result<()> {
        require!(now >= self.eta_at, SettlementError::RewardRootNotDue);
        Ok(())
    }

    /// Base units that belong to members under a total.
    fn unpaid_under(&self, total_lifetime: u64) -> Result<u64> {
        total_lifetime
            .checked_sub(self.paid_total)
            .ok_or_else(|| SettlementError::RewardTotalExceeded.into())
    }

    /// Base units promised and not yet paid.
    pub fn unpaid(&self) -> Result<u64> {
        self.unpaid_under(self.active.total_lifetime)
    }

    /// Makes a root pending; the caller brings the bond.
    pub fn propose(&mut self, tree: RewardTree, now: i64) -> Result<()> {
        self.validate_live()?;
        self.validate_settled_root()?;
        require!(
            (1..=MAX_REWARD_COUNT).contains(&tree.count),
            SettlementError::RewardCountOutOfRange
        );
        check_reward_successor(&self.active.to_core(), &tree.to_core()).map_err(
            |error| match error {
                CoreError::RewardCountDecreased => SettlementError::RewardCountDecreased,
                _ => SettlementError::RewardTotalDecreased,
            },
        )?;
        self.pending = tree;
        self.eta_at = now.saturating_add(self.delay_secs);
        self.bond_held = self.bond;
        Ok(())
    }

    /// Fails unless the pending root has this entry and it falls below what was proven of its place.
    pub fn check_veto(
        &self,
        proven: &RewardEntry,
        entry: &RewardEntry,
        path: &[[u8; 32]],
    ) -> Result<()> {
        self.validate_pending()?;
        self.pending.verify(entry, path)?;
        check_reward_decrease(proven, entry).map_err(|_| SettlementError::RewardNotDecreased.into())
    }

    /// Ends the pending root; returns its bond, which the caller pays out.
    pub fn drop_pending(&mut self) -> u64 {
        self.pending = RewardTree::default();
        self.eta_at = 0;
        std::mem::take(&mut self.bond_held)
    }

    /// Puts the pending root into force; returns its bond, which the caller pays out.
    pub fn activate(&mut self, vault_balance: u64, now: i64) -> Result<u64> {
        self.validate_pending()?;
        self.validate_due(now)?;
        let promised = self.unpaid_under(self.pending.total_lifetime)?;
        require!(
            vault_balance.saturating_sub(self.bond_held) >= promised,
            SettlementError::RewardVaultShort
        );
        self.active = self.pending;
        Ok(self.drop_pending())
    }

    /// Counts a payment; never more than the members' total.
    pub fn pay(&mut self, amount: u64) -> Result<()> {
        require!(
            amount <= self.unpaid()?,
            SettlementError::RewardTotalExceeded
        );
        self.paid_total = self.paid_total.saturating_add(amount);
        Ok(())
    }

    /// Base units in the vault that are neither a member's nor the aggregator's.
    pub fn excess(&self, vault_balance: u64) -> Result<u64> {
        let kept = self.unpaid()?.saturating_add(self.bond_held);
        Ok(vault_balance.saturating_sub(kept))
    }

    /// Ends the pool once every member is paid.
    pub fn retire(&mut self) -> Result<()> {
        self.validate_live()?;
        self.validate_settled_root()?;
        require!(self.unpaid()? == 0, SettlementError::RewardUnpaid);
        self.is_retired = true;
        Ok(())
    }

    /// Counts a new status.
    pub fn begin_status(&mut self) -> Result<()> {
        self.status_count = self
            .status_count
            .checked_add(1)
            .ok_or(SettlementError::AmountOverflow)?;
        Ok(())
    }

    /// A status may go once no root can follow: what was paid would else be paid again.
    pub fn end_status(&mut self) -> Result<()> {
        require!(self.is_retired, SettlementError::RewardPoolLive);
        self.status_count = self.status_count.saturating_sub(1);
        Ok(())
    }

    /// A new pool at this address must find no status of the old one.
    pub fn validate_closable(&self) -> Result<()> {
        require!(self.is_retired, SettlementError::RewardPoolLive);
        require!(self.status_count == 0, SettlementError::RewardStatusesOpen);
        Ok(())
    }

    /// The vault covers what the members have been promised and the bond.
    pub fn invariant(&self, vault_balance: u64) -> Result<()> {
        let kept = self.unpaid()?.checked_add(self.bond_held);
        require!(
            kept.is_some_and(|kept| vault_balance >= kept),
            SettlementError::RewardVaultShort
        );
        Ok(())
    }
}
