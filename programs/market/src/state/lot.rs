use anchor_lang::prelude::*;

use crate::constants::{LOT_SHARE_DIVISOR, MAX_BIDS};
use crate::error::MarketError;
use crate::state::{Footprint, Sla};
use registry::{BASIS_POINTS, RESERVED_BYTES};

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LotStatus {
    Open,
    Cleared,
}

/// A revealed bid in its place of the ranking.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct Standing {
    /// Participant account of the seller.
    pub bidder: Pubkey,
    pub price_per_gigabyte: u64,
    pub kilobits_per_second: u64,
    /// Set when the lot is cleared, and 0 again once its contract exists.
    pub awarded_kilobits_per_second: u64,
}

/// What a content provider asks sellers to bid for, at `["lot", content_provider, nonce]` (protocol
/// 6.13). Bids are sealed, revealed, ranked, and all winners sell at one price.
#[account]
#[derive(InitSpace)]
pub struct Lot {
    pub version: u8,
    pub bump: u8,
    /// Participant account of the buyer.
    pub content_provider: Pubkey,
    pub nonce: u64,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// Holds the bids' deposits.
    pub vault: Pubkey,
    pub rent_payer: Pubkey,
    /// Signs viewers' tokens of every contract that the lot leads to.
    pub issuer: Pubkey,
    pub footprint: Footprint,
    /// Bits: 1 unicast, 2 multicast. A seller must be able to do each.
    pub delivery_methods: u8,
    /// Whether only capacity within an unexpired bandwidth proof counts.
    pub verified_only: bool,
    pub kilobits_per_second: u64,
    /// Bids and awards are whole multiples of it.
    pub unit_kilobits_per_second: u64,
    /// Cap of a contract, relative to what it commits.
    pub cap_basis_points: u32,
    pub epoch_count: u32,
    pub epoch_length_secs: u32,
    /// Begin of every contract of the lot, and the end of the time in which winners may conclude them.
    pub genesis_at: i64,
    /// Most that is paid, base units per 10^9 bytes.
    pub reserve_price_per_gigabyte: u64,
    /// What each bid deposits, base units: one amount for all, so that it tells nothing of the bid.
    pub bid_deposit: u64,
    pub sla: Sla,
    pub commit_ends_at: i64,
    pub reveal_ends_at: i64,
    pub status: LotStatus,
    /// Bids ever made.
    pub bid_count: u32,
    /// Bids whose deposit is in the vault.
    pub open_bids: u32,
    /// XOR of the revealed salts' hashes: no order of reveals changes it.
    pub salts: [u8; 32],
    /// What every winner is paid, base units per 10^9 bytes; 0 until cleared.
    pub clearing_price_per_gigabyte: u64,
    pub awarded_kilobits_per_second: u64,
    pub cleared_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
    /// The revealed bids, cheapest first. After the reserved bytes, for it alone has no fixed length.
    #[max_len(MAX_BIDS)]
    pub standings: Vec<Standing>,
}

impl Lot {
    /// Cap of a contract that commits `kilobits_per_second`.
    pub fn cap(&self, kilobits_per_second: u64) -> Result<u64> {
        let scaled = u128::from(kilobits_per_second)
            .checked_mul(u128::from(self.cap_basis_points))
            .and_then(|scaled| scaled.checked_div(u128::from(BASIS_POINTS)));
        scaled
            .and_then(|cap| u64::try_from(cap).ok())
            .ok_or_else(|| MarketError::AmountOverflow.into())
    }

    /// Most that one seller may bid for.
    pub fn most_per_bidder(&self) -> u64 {
        let units = self
            .kilobits_per_second
            .checked_div(self.unit_kilobits_per_second)
            .and_then(|units| units.checked_div(LOT_SHARE_DIVISOR))
            .unwrap_or(0);
        units.saturating_mul(self.unit_kilobits_per_second)
    }

    /// End of the last epoch, unix seconds.
    pub fn ends_at(&self) -> Result<i64> {
        i64::from(self.epoch_count)
            .checked_mul(i64::from(self.epoch_length_secs))
            .and_then(|secs| self.genesis_at.checked_add(secs))
            .ok_or_else(|| MarketError::AmountOverflow.into())
    }

    /// Takes one more sealed bid.
    pub fn admit(&mut self, now: i64) -> Result<()> {
        require!(now < self.commit_ends_at, MarketError::LotPhaseWrong);
        let count = self.bid_count.checked_add(1);
        let count = count.ok_or(MarketError::AmountOverflow)?;
        require!(
            usize::try_from(count).is_ok_and(|count| count <= MAX_BIDS),
            MarketError::LotFull
        );
        self.bid_count = count;
        self.open_bids = self
            .open_bids
            .checked_add(1)
            .ok_or(MarketError::AmountOverflow)?;
        Ok(())
    }

    /// A deposit has left the vault.
    pub fn release(&mut self) -> Result<()> {
        self.open_bids = self
            .open_bids
            .checked_sub(1)
            .ok_or(MarketError::InvariantBroken)?;
        Ok(())
    }
}
