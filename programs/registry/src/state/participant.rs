use anchor_lang::prelude::*;

use crate::constants::{
    HOT_SCOPE_ALL, MAX_HOT_KEY_SECS, MAX_UNBONDING, MIN_AUDITOR_STAKE, RESERVED_BYTES,
    SLASH_WINDOW_SECS,
};
use crate::error::RegistryError;
use crate::state::check_version;

/// What is left of the first cut's reserve.
pub const PARTICIPANT_RESERVED_BYTES: usize = RESERVED_BYTES - 40;

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantKind {
    ContentProvider,
    Seller,
    Auditor,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantStatus {
    Active,
    Jailed,
    Exiting,
    Closed,
}

/// Stake on its way out; an amount of 0 marks a free place.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct Unbonding {
    pub amount: u64,
    pub ready_at: i64,
}

/// One party, at `["part", owner]`: who may act for it, and its stake in one mint, so that a lock
/// and the payment it secures are counted in one unit.
#[account]
#[derive(InitSpace)]
pub struct Participant {
    pub version: u8,
    pub bump: u8,
    /// The cold key: alone moves stake, nodes, offers, contracts and the hot key.
    pub owner: Pubkey,
    pub kind: ParticipantKind,
    pub stake_mint: Pubkey,
    /// Signs routine actions within `hot_scope` until `hot_expires_at`; never moves money.
    pub hot: Pubkey,
    /// Bits: 1 commit, 2 co-sign, 4 prove, 8 challenge.
    pub hot_scope: u16,
    pub hot_expires_at: i64,
    /// Where the seller wants its share; offers name their payees on their own.
    pub payout: Pubkey,
    pub stake_free: u64,
    pub stake_locked: u64,
    pub unbonding: [Unbonding; MAX_UNBONDING],
    pub slashed_total: u64,
    pub status: ParticipantStatus,
    pub node_count: u32,
    /// Counted by the first cut; commitments no longer touch this account.
    pub active_commitments: u32,
    pub active_contracts: u32,
    /// Least nonce of the next contract: an address once used can never name a second contract,
    /// whose tokens and receipts of the first could be replayed.
    pub next_contract_nonce: u64,
    /// First slash of the present thirty days, and the stake before it.
    pub slash_window_began_at: i64,
    pub slash_window_stake: u64,
    pub slashed_in_window: u64,
    /// Of `node_count`, those that are deactivated or closed; so that 0 is right for the first cut.
    pub inactive_nodes: u32,
    /// Of `inactive_nodes`, those whose account is gone.
    pub closed_nodes: u32,
    /// When the board admitted this auditor, Unix seconds; 0 = not admitted.
    pub auditor_admitted_at: i64,
    pub reserved: [u8; PARTICIPANT_RESERVED_BYTES],
}

impl Participant {
    /// Whether `signer` may act within `scope`: the owner always, the hot key while it lasts.
    pub fn authorizes(&self, signer: &Pubkey, scope: u16, now: i64) -> bool {
        *signer == self.owner
            || (*signer == self.hot
                && self.hot != Pubkey::default()
                && self.hot_scope & scope == scope
                && now < self.hot_expires_at)
    }

    /// Replaces the hot key; the default key with scope 0 removes it.
    pub fn set_hot_key(
        &mut self,
        hot: Pubkey,
        scope: u16,
        expires_at: i64,
        now: i64,
    ) -> Result<()> {
        if hot == Pubkey::default() {
            require!(scope == 0, RegistryError::HotScopeInvalid);
            require!(expires_at == 0, RegistryError::HotExpiryInvalid);
        } else {
            require_keys_neq!(hot, self.owner, RegistryError::HotKeyInvalid);
            require!(
                scope != 0 && scope & !HOT_SCOPE_ALL == 0,
                RegistryError::HotScopeInvalid
            );
            let latest = now.saturating_add(MAX_HOT_KEY_SECS);
            require!(
                expires_at > now && expires_at <= latest,
                RegistryError::HotExpiryInvalid
            );
        }
        self.hot = hot;
        self.hot_scope = scope;
        self.hot_expires_at = expires_at;
        Ok(())
    }

    /// Credits stake that has arrived in the vault.
    pub fn credit_stake(&mut self, amount: u64) -> Result<()> {
        require!(amount > 0, RegistryError::AmountZero);
        self.stake_free = add(self.stake_free, amount)?;
        Ok(())
    }

    /// Moves free stake into the first free unbonding place; returns the place.
    pub fn request_unbond(&mut self, amount: u64, ready_at: i64) -> Result<u8> {
        require!(amount > 0, RegistryError::AmountZero);
        self.stake_free = self
            .stake_free
            .checked_sub(amount)
            .ok_or(RegistryError::FreeStakeTooSmall)?;
        let slot = self
            .unbonding
            .iter()
            .position(|place| place.amount == 0)
            .ok_or(RegistryError::UnbondSlotsFull)?;
        *self.unbonding_slot(slot)? = Unbonding { amount, ready_at };
        u8::try_from(slot).map_err(|_| RegistryError::UnbondSlotsFull.into())
    }

    /// Returns an unbonding amount to the free stake.
    pub fn cancel_unbond(&mut self, slot: u8) -> Result<u64> {
        let amount = self.take_unbonding(slot)?.amount;
        self.stake_free = add(self.stake_free, amount)?;
        Ok(amount)
    }

    /// Empties an unbonding place whose time has come; the caller transfers the amount.
    pub fn withdraw_unbonded(&mut self, slot: u8, now: i64) -> Result<u64> {
        let unbonding = self.take_unbonding(slot)?;
        require!(now >= unbonding.ready_at, RegistryError::UnbondNotReady);
        Ok(unbonding.amount)
    }

    /// Binds free stake to a contract.
    pub fn lock_stake(&mut self, amount: u64) -> Result<()> {
        self.stake_free = self
            .stake_free
            .checked_sub(amount)
            .ok_or(RegistryError::FreeStakeTooSmall)?;
        self.stake_locked = add(self.stake_locked, amount)?;
        Ok(())
    }

    /// Frees stake that a contract no longer binds.
    pub fn unlock_stake(&mut self, amount: u64) -> Result<()> {
        self.take_locked(amount)?;
        self.stake_free = add(self.stake_free, amount)?;
        Ok(())
    }

    /// Takes locked stake for good; the caller transfers it. More than half of the stake lost within thirty days jails.
    pub fn slash_stake(&mut self, amount: u64, now: i64) -> Result<()> {
        require!(amount > 0, RegistryError::AmountZero);
        let stake_before = self.total_stake()?;
        self.take_locked(amount)?;
        self.slashed_total = add(self.slashed_total, amount)?;
        if now.saturating_sub(self.slash_window_began_at) >= SLASH_WINDOW_SECS {
            self.slash_window_began_at = now;
            self.slash_window_stake = stake_before;
            self.slashed_in_window = 0;
        }
        self.slashed_in_window = add(self.slashed_in_window, amount)?;
        let is_half_lost = self.slashed_in_window
            > self
                .slash_window_stake
                .saturating_sub(self.slashed_in_window);
        if is_half_lost && self.status == ParticipantStatus::Active {
            self.status = ParticipantStatus::Jailed;
        }
        Ok(())
    }

    /// A jailed participant may act again once the window of its slashes is over.
    pub fn leave_jail(&mut self, now: i64) -> Result<()> {
        require!(
            self.status == ParticipantStatus::Jailed,
            RegistryError::ParticipantNotJailed
        );
        let served = now.saturating_sub(self.slash_window_began_at) >= SLASH_WINDOW_SECS;
        require!(served, RegistryError::JailNotServed);
        self.status = ParticipantStatus::Active;
        Ok(())
    }

    fn take_locked(&mut self, amount: u64) -> Result<()> {
        self.stake_locked = self
            .stake_locked
            .checked_sub(amount)
            .ok_or(RegistryError::LockedStakeTooSmall)?;
        Ok(())
    }

    /// Uses up a contract nonce of this content provider.
    pub fn use_contract_nonce(&mut self, nonce: u64) -> Result<()> {
        require!(
            nonce >= self.next_contract_nonce,
            RegistryError::NonceNotIncreasing
        );
        self.next_contract_nonce = add(nonce, 1)?;
        Ok(())
    }

    pub fn begin_contract(&mut self) -> Result<()> {
        self.active_contracts = count_up(self.active_contracts)?;
        Ok(())
    }

    pub fn end_contract(&mut self) -> Result<()> {
        self.active_contracts = count_down(self.active_contracts)?;
        Ok(())
    }

    pub fn set_payout(&mut self, payout: Pubkey) -> Result<()> {
        require_keys_neq!(payout, Pubkey::default(), RegistryError::PayoutMissing);
        self.payout = payout;
        Ok(())
    }

    pub fn deactivate_node(&mut self) -> Result<()> {
        self.inactive_nodes = count_up(self.inactive_nodes)?;
        Ok(())
    }

    pub fn reactivate_node(&mut self) -> Result<()> {
        self.check_active()?;
        self.inactive_nodes = count_down(self.inactive_nodes)?;
        Ok(())
    }

    pub fn close_node(&mut self) -> Result<()> {
        self.closed_nodes = count_up(self.closed_nodes)?;
        Ok(())
    }

    pub fn check_active(&self) -> Result<()> {
        require!(
            self.status == ParticipantStatus::Active,
            RegistryError::ParticipantNotActive
        );
        Ok(())
    }

    /// Leaves the market for good: nothing may run, be locked or stand ready.
    pub fn leave(&mut self) -> Result<()> {
        self.check_active()?;
        require!(self.active_contracts == 0, RegistryError::ContractsRunning);
        require!(self.stake_locked == 0, RegistryError::StakeRemains);
        require!(
            self.inactive_nodes == self.node_count,
            RegistryError::NodesRemain
        );
        self.status = ParticipantStatus::Exiting;
        Ok(())
    }

    /// Whether nothing is left that this account has to answer for or could still receive.
    pub fn check_closable(&self) -> Result<()> {
        require!(
            self.status == ParticipantStatus::Exiting,
            RegistryError::ParticipantNotExiting
        );
        require!(self.active_contracts == 0, RegistryError::ContractsRunning);
        require!(self.total_stake()? == 0, RegistryError::StakeRemains);
        require!(
            self.closed_nodes == self.node_count,
            RegistryError::NodesRemain
        );
        Ok(())
    }

    pub fn admit_auditor(&mut self, now: i64) -> Result<()> {
        self.check_auditor()?;
        self.check_active()?;
        require!(
            self.auditor_admitted_at == 0,
            RegistryError::AuditorAlreadyAdmitted
        );
        self.auditor_admitted_at = now;
        Ok(())
    }

    pub fn dismiss_auditor(&mut self) -> Result<()> {
        self.check_auditor()?;
        require!(
            self.auditor_admitted_at != 0,
            RegistryError::AuditorNotAdmitted
        );
        self.auditor_admitted_at = 0;
        Ok(())
    }

    /// Whether this auditor's word counts: admitted, active, and with stake to lose. What is
    /// unbonding has one foot out of the door.
    pub fn check_counts_as_auditor(&self) -> Result<()> {
        self.check_auditor()?;
        self.check_active()?;
        require!(
            self.auditor_admitted_at != 0,
            RegistryError::AuditorNotAdmitted
        );
        let bonded = add(self.stake_free, self.stake_locked)?;
        require!(
            bonded >= MIN_AUDITOR_STAKE,
            RegistryError::AuditorStakeTooSmall
        );
        Ok(())
    }

    fn check_auditor(&self) -> Result<()> {
        require!(
            self.kind == ParticipantKind::Auditor,
            RegistryError::NotAuditor
        );
        Ok(())
    }

    /// All stake that the vault holds for this participant, base units.
    pub fn total_stake(&self) -> Result<u64> {
        self.unbonding
            .iter()
            .try_fold(add(self.stake_free, self.stake_locked)?, |sum, place| {
                add(sum, place.amount)
            })
    }

    /// INV-6 in part: what is held fits the unit.
    pub fn invariant(&self) -> Result<()> {
        check_version(self.version)?;
        self.total_stake()?;
        require!(
            self.closed_nodes <= self.inactive_nodes && self.inactive_nodes <= self.node_count,
            RegistryError::InvariantBroken
        );
        require!(
            self.hot_scope & !HOT_SCOPE_ALL == 0,
            RegistryError::InvariantBroken
        );
        Ok(())
    }

    fn unbonding_slot(&mut self, slot: usize) -> Result<&mut Unbonding> {
        self.unbonding
            .get_mut(slot)
            .ok_or_else(|| RegistryError::UnbondSlotEmpty.into())
    }

    fn take_unbonding(&mut self, slot: u8) -> Result<Unbonding> {
        let place = self.unbonding_slot(usize::from(slot))?;
        require!(place.amount > 0, RegistryError::UnbondSlotEmpty);
        Ok(std::mem::take(place))
    }
}

fn add(a: u64, b: u64) -> Result<u64> {
    a.checked_add(b)
        .ok_or_else(|| RegistryError::CounterOutOfRange.into())
}

fn count_up(count: u32) -> Result<u32> {
    count
        .checked_add(1)
        .ok_or_else(|| RegistryError::CounterOutOfRange.into())
}

fn count_down(count: u32) -> Result<u32> {
    count
        .checked_sub(1)
        .ok_or_else(|| RegistryError::CounterOutOfRange.into())
}
