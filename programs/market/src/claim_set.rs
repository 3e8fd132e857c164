use anchor_lang::prelude::*;

use crate::constants::KIND_COUNT;
use crate::error::MarketError;
use crate::state::{add, CapacityClaim, CapacityClaimStatus, Direction, ALL_METHODS};

/// What an offer takes over from its claims.
pub(crate) struct ClaimSet {
    pub claims: Vec<Pubkey>,
    /// Node addresses of the claims, in their order.
    pub nodes: Vec<u8>,
    /// Sum of the claims' rates.
    pub kilobits_per_second: u64,
    /// Methods of delivery that every claim can do.
    pub methods: u8,
}

impl ClaimSet {
    pub fn read<'info>(
        accounts: &'info [AccountInfo<'info>],
        participant: &Pubkey,
        prices: &[u64; KIND_COUNT],
    ) -> Result<Self> {
        let mut set = Self {
            claims: Vec::new(),
            nodes: Vec::new(),
            kilobits_per_second: 0,
            methods: ALL_METHODS,
        };
        for info in accounts {
            let claim = Box::new(Account::<CapacityClaim>::try_from(info)?);
            require!(!set.claims.contains(info.key), MarketError::ClaimDuplicate);
            require_keys_eq!(
                claim.participant,
                *participant,
                MarketError::ClaimOfAnotherParticipant
            );
            require!(
                claim.status == CapacityClaimStatus::Active,
                MarketError::ClaimNotActive
            );
            require!(
                claim.direction == Direction::Egress,
                MarketError::ClaimNotEgress
            );
            let floor = claim.price_floor_per_gigabyte;
            let priced = prices.iter().all(|price| *price == 0 || *price >= floor);
            require!(priced, MarketError::PriceBelowFloor);
            set.methods &= claim.methods();
            set.claims.push(*info.key);
            set.nodes.extend_from_slice(claim.node.as_ref());
            set.kilobits_per_second = add(set.kilobits_per_second, claim.kilobits_per_second)?;
        }
        Ok(set)
    }
}
