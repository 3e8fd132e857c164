use anchor_lang::prelude::*;

use crate::constants::{BASIS_POINTS, MAX_EPOCH_LENGTHS};
use crate::error::RegistryError;

/// Protocol parameters (protocol 6.15). A contract keeps its own copy of those it was signed with.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// Epoch lengths that an offer may choose, seconds; 0 = unused.
    pub epoch_lengths_secs: [u32; MAX_EPOCH_LENGTHS],
    /// From an epoch's end to the first moment of commitment: receipts in flight still arrive.
    pub commit_delay_secs: u32,
    pub commit_window_secs: u32,
    pub prove_window_secs: u32,
    pub challenge_window_secs: u32,
    pub challenge_response_secs: u32,
    pub cosign_window_secs: u32,
    /// From the last epoch's end until a contract may be finished (W_all).
    pub settle_window_secs: u32,
    pub token_grace_secs: u32,
    pub unbond_secs: u32,
    pub seed_delay_slots: u16,
    pub prefund_epochs: u16,
    pub slash_multiplier_basis_points: u32,
    pub liveness_slash_basis_points: u16,
    pub severe_sla_basis_points: u16,
    /// Base units of the contract's mint.
    pub challenge_bond: u64,
    pub credit_bytes: u64,
    pub max_token_bytes: u64,
}

const HOUR_SECS: u32 = 3_600;
const DAY_SECS: u32 = 86_400;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

impl Params {
    /// Checks each value against its allowed range. A development cluster lowers the lower bounds of
    /// times to 1 s, so that a whole contract fits into a test; upper bounds and money rules stay.
    pub fn validate(&self, development: bool) -> Result<()> {
        let shortest = |secs: u32| if development { 1 } else { secs };
        let times = [
            (self.commit_delay_secs, shortest(60), HOUR_SECS),
            (self.commit_window_secs, shortest(HOUR_SECS), DAY_SECS),
            (self.prove_window_secs, shortest(HOUR_SECS), DAY_SECS),
            (
                self.challenge_window_secs,
                shortest(6 * HOUR_SECS),
                3 * DAY_SECS,
            ),
            (self.challenge_response_secs, shortest(HOUR_SECS), DAY_SECS),
            (self.cosign_window_secs, shortest(DAY_SECS), 14 * DAY_SECS),
            (self.settle_window_secs, shortest(DAY_SECS), 14 * DAY_SECS),
            (self.token_grace_secs, shortest(60), HOUR_SECS),
            (self.unbond_secs, shortest(2 * DAY_SECS), 30 * DAY_SECS),
        ];
        for (secs, least, most) in times {
            require!(
                (least..=most).contains(&secs),
                RegistryError::ParamOutOfRange
            );
        }
        self.validate_epoch_lengths(development)?;
        self.validate_amounts()?;
        let committed_by =
            u64::from(self.commit_delay_secs).saturating_add(u64::from(self.commit_window_secs));
        require!(
            u64::from(self.settle_window_secs) >= committed_by,
            RegistryError::SettleWindowTooShort
        );
        Ok(())
    }

    /// Whether an offer may use this epoch length.
    pub fn allows_epoch_length(&self, secs: u32) -> bool {
        secs != 0 && self.epoch_lengths_secs.contains(&secs)
    }

    /// SHA-256 of the Borsh encoding: names the exact set a contract was signed with.
    pub fn hash(&self) -> Result<[u8; 32]> {
        let mut bytes = Vec::with_capacity(Params::INIT_SPACE);
        self.serialize(&mut bytes)?;
        Ok(protocol_core::sha256(&[&bytes]))
    }

    fn validate_epoch_lengths(&self, development: bool) -> Result<()> {
        let least = if development { 1 } else { 300 };
        let mut used = self
            .epoch_lengths_secs
            .iter()
            .filter(|secs| **secs != 0)
            .peekable();
        require!(used.peek().is_some(), RegistryError::NoEpochLength);
        for secs in used {
            require!(
                (least..=DAY_SECS).contains(secs),
                RegistryError::ParamOutOfRange
            );
        }
        Ok(())
    }

    fn validate_amounts(&self) -> Result<()> {
        let inside = (32..=256).contains(&self.seed_delay_slots)
            && (1..=720).contains(&self.prefund_epochs)
            && (10_000..=50_000).contains(&self.slash_multiplier_basis_points)
            && self.liveness_slash_basis_points <= BASIS_POINTS
            && self.severe_sla_basis_points <= BASIS_POINTS
            && self.challenge_bond > 0
            && (MIB..=GIB).contains(&self.credit_bytes)
            && (MIB..=1 << 40).contains(&self.max_token_bytes);
        require!(inside, RegistryError::ParamOutOfRange);
        Ok(())
    }
}
