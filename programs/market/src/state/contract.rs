use anchor_lang::prelude::*;
use anchor_lang::Discriminator;

use crate::constants::{
    HISTORY_LEVELS, KIND_COUNT, MAX_CLAIMS, MAX_ISSUERS, MAX_PAYEES, MAX_SPLITS,
};
use crate::error::MarketError;
use crate::state::{Sla, Split};
use registry::RESERVED_BYTES;

/// Layout of this account. The first cut's lacked the bond and what follows it: `upgrade_contract` brings it up.
pub const CONTRACT_VERSION: u8 = 2;
/// Bytes of the first cut's account, with its discriminator.
pub const FIRST_CONTRACT_BYTES: usize = 1_716;

/// Protocol 6.6. Money leaves the vault only to payees (`owed`) or back to the content provider.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ContractState {
    Proposed,
    Active,
    Underfunded,
    Closing,
    Settled,
    Cancelled,
}

/// One purchase of capacity with its escrow, at `["ctr", content_provider, seller, nonce]`. Terms
/// and parameters are copies: nothing that changes later in an offer or the configuration reaches it.
///
/// Read and written in place (docs/decisions/0014): the fields lie as Borsh would lay them, without padding. Only this
/// program writes the bytes, so that `state` always holds a state.
#[account(zero_copy(unsafe))]
#[repr(C, packed)]
#[derive(Debug, PartialEq, InitSpace)]
pub struct Contract {
    pub version: u8,
    pub bump: u8,
    /// Participant account of the buyer.
    pub content_provider: Pubkey,
    /// Participant account of the seller.
    pub seller: Pubkey,
    pub nonce: u64,
    pub offer: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub vault: Pubkey,
    /// Keys that sign viewers' tokens; a slot is in force from its epoch until the other's begins.
    pub issuer: [Pubkey; MAX_ISSUERS],
    pub issuer_from_epoch: [u32; MAX_ISSUERS],
    pub genesis_at: i64,
    pub epoch_length_secs: u32,
    pub epoch_count: u32,
    pub committed_kilobits_per_second: u64,
    /// Traffic above it is never paid.
    pub cap_kilobits_per_second: u64,
    /// Base units per 10^9 bytes, by kind of delivery.
    pub price_per_gigabyte: [u64; KIND_COUNT],
    pub commit_fee_per_epoch: u64,
    pub sla: Sla,
    pub splits: [Split; MAX_SPLITS],
    pub split_count: u8,
    pub claims: [Pubkey; MAX_CLAIMS],
    /// Kilobits per second on each claim; they add up to the committed rate.
    pub claim_shares: [u64; MAX_CLAIMS],
    pub claim_count: u8,
    pub fee_basis_points: u16,
    pub treasury: Pubkey,
    /// Names the parameters the contract was signed with; those it needs follow.
    pub params_hash: [u8; 32],
    pub prefund_epochs: u16,
    pub commit_delay_secs: u32,
    pub commit_window_secs: u32,
    pub cosign_window_secs: u32,
    pub settle_window_secs: u32,
    pub slash_multiplier_basis_points: u32,
    pub state: ContractState,
    /// Settled bytes by kind.
    pub cum_bytes: [u64; KIND_COUNT],
    /// Settled gross by kind, base units.
    pub gross_total: [u64; KIND_COUNT],
    pub penalty_total: u64,
    pub top_up_total: u64,
    /// Sum of settled net: `paid_total + penalty_total = gross_total + top_up_total` (INV-3).
    pub paid_total: u64,
    /// Gross of commitments that are neither settled nor void.
    pub open_gross: u64,
    /// What each payee may withdraw; the last place is the treasury's.
    pub owed: [u64; MAX_PAYEES],
    pub open_commitments: u32,
    pub settled_commitments: u32,
    /// RFC 9162 history of settlements: size and the roots of its full subtrees.
    pub history_size: u64,
    pub history_frontier: [[u8; 32]; HISTORY_LEVELS],
    pub deposited_total: u64,
    pub rent_payer: Pubkey,
    /// The seller's stake that stands behind this contract: `bond_free` and the locks of open commitments (INV-6).
    pub bond_total: u64,
    /// What of the bond no commitment has locked.
    pub bond_free: u64,
    /// Bonds and bounties of challenges that the vault holds for challengers.
    pub held_total: u64,
    /// Slashed for severe breaches and not yet brought from the stake vault.
    pub slash_pending: u64,
    /// Epoch of the latest commitment: epochs are committed in order, so that none can be committed twice (INV-7).
    pub committed_epoch: u32,
    /// Kinds committed in that epoch, a bit each.
    pub committed_kinds: u8,
    /// Bytes committed in that epoch, all kinds.
    pub committed_bytes: u64,
    /// The rest of the parameters that the contract was signed with (protocol 6.15).
    pub prove_window_secs: u32,
    pub challenge_window_secs: u32,
    pub challenge_response_secs: u32,
    pub token_grace_secs: u32,
    pub seed_delay_slots: u16,
    pub liveness_slash_basis_points: u16,
    pub challenge_bond: u64,
    pub max_token_bytes: u64,
    pub cluster_tag: u32,
    pub reserved: [u8; RESERVED_BYTES],
}

/// For instructions off the hot path, which take the account as a value.
impl AccountSerialize for Contract {
    fn try_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<()> {
        writer.write_all(Self::DISCRIMINATOR)?;
        writer.write_all(bytemuck::bytes_of(self))?;
        Ok(())
    }
}

impl Contract {
    /// End of epoch `epoch`, unix seconds; epoch `epoch_count - 1` is the last.
    pub fn epoch_end(&self, epoch: u32) -> Result<i64> {
        let epochs = i64::from(epoch).checked_add(1);
        epochs
            .and_then(|epochs| epochs.checked_mul(i64::from(self.epoch_length_secs)))
            .and_then(|elapsed| self.genesis_at.checked_add(elapsed))
            .ok_or_else(|| MarketError::AmountOverflow.into())
    }

    /// End of the last epoch, unix seconds.
    pub fn ends_at(&self) -> Result<i64> {
        match self.epoch_count.checked_sub(1) {
            Some(last) => self.epoch_end(last),
            None => Ok(self.genesis_at),
        }
    }

    /// First and last moment at which deliveries of `epoch` may be committed, unix seconds.
    pub fn commit_window(&self, epoch: u32) -> Result<(i64, i64)> {
        let opens_at = self
            .epoch_end(epoch)?
            .checked_add(i64::from(self.commit_delay_secs));
        let closes_at =
            opens_at.and_then(|opens_at| opens_at.checked_add(i64::from(self.commit_window_secs)));
        opens_at
            .zip(closes_at)
            .ok_or_else(|| MarketError::AmountOverflow.into())
    }

    /// Whole epochs of this contract that lie before `at`.
    pub fn epochs_ended_by(&self, at: i64) -> u32 {
        let elapsed = at.saturating_sub(self.genesis_at).max(0);
        let ended = elapsed
            .checked_div(i64::from(self.epoch_length_secs))
            .unwrap_or(0);
        u32::try_from(ended)
            .unwrap_or(u32::MAX)
            .min(self.epoch_count)
    }

    /// The slot whose key signs tokens of `epoch`: the latest that has begun.
    pub fn issuer_in_force(&self, epoch: u32) -> usize {
        let begun = |slot: usize| {
            let key = self.issuer.get(slot).copied().unwrap_or_default();
            let from = { self.issuer_from_epoch }
                .get(slot)
                .copied()
                .unwrap_or(u32::MAX);
            (key != Pubkey::default() && from <= epoch).then_some(from)
        };
        usize::from(begun(1) > begun(0))
    }

    /// Names the next issuer. Tokens of the present epoch keep their key, and epochs never go back.
    pub fn rotate_issuer(
        &mut self,
        slot: u8,
        key: Pubkey,
        from_epoch: u32,
        now: i64,
    ) -> Result<()> {
        let slot = usize::from(slot);
        require!(slot < MAX_ISSUERS, MarketError::IssuerSlotInvalid);
        require_keys_neq!(key, Pubkey::default(), MarketError::IssuerMissing);
        let present = self.epochs_ended_by(now);
        require!(
            self.issuer_in_force(present) != slot,
            MarketError::IssuerInForce
        );
        let mut from_epochs = self.issuer_from_epoch;
        let named = from_epochs.iter().copied().max().unwrap_or(0);
        let later = from_epoch > present && from_epoch >= named;
        require!(later, MarketError::IssuerEpochInvalid);
        if let (Some(issuer), Some(from)) = (self.issuer.get_mut(slot), from_epochs.get_mut(slot)) {
            *issuer = key;
            *from = from_epoch;
            self.issuer_from_epoch = from_epochs;
        }
        Ok(())
    }

    /// The last epoch is over: no more traffic is sold, what was delivered is still settled.
    pub fn begin_closing(&mut self, now: i64) -> Result<()> {
        require!(self.is_running(), MarketError::ContractStateInvalid);
        require!(now >= self.ends_at()?, MarketError::ContractNotOver);
        self.state = ContractState::Closing;
        Ok(())
    }

    /// Everything that could be settled is.
    pub fn finish(&mut self, now: i64) -> Result<()> {
        require!(
            self.state == ContractState::Closing,
            MarketError::ContractStateInvalid
        );
        let window_ends = self
            .ends_at()?
            .saturating_add(i64::from(self.settle_window_secs));
        require!(now >= window_ends, MarketError::SettleWindowOpen);
        require!(self.open_commitments == 0, MarketError::CommitmentsOpen);
        self.state = ContractState::Settled;
        Ok(())
    }

    pub fn cancel(&mut self) -> Result<()> {
        require!(
            self.state == ContractState::Proposed,
            MarketError::ContractStateInvalid
        );
        self.state = ContractState::Cancelled;
        Ok(())
    }

    pub fn is_running(&self) -> bool {
        matches!(
            self.state,
            ContractState::Active | ContractState::Underfunded
        )
    }

    /// Whether nothing can be committed or settled any more.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self.state,
            ContractState::Settled | ContractState::Cancelled
        )
    }
}
