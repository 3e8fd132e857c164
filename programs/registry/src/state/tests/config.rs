//! The list of mints and what a configuration must hold.
use anchor_lang::prelude::*;

use super::{params, refused};
use crate::constants::*;
use crate::error::RegistryError;
use crate::state::*;

#[test]
fn a_mint_is_listed_once_and_four_fit() {
    let mut config = Config {
        version: 1,
        bump: 255,
        board: Pubkey::new_from_array([1; 32]),
        guardian: Pubkey::new_from_array([2; 32]),
        treasury: Pubkey::new_from_array([3; 32]),
        cluster_tag: 0,
        development: false,
        mints: [Pubkey::default(); MAX_MINTS],
        fee_basis_points: 500,
        pause_bits: 0,
        pause_until: 0,
        params: params(),
        pending_params_hash: [0; 32],
        pending_params_at: 0,
        pending_authorities_hash: [0; 32],
        pending_authorities_at: 0,
        pause_started_at: 0,
        reserved: [0; CONFIG_RESERVED_BYTES],
    };
    for byte in 1..=4 {
        config
            .allow_mint(Pubkey::new_from_array([byte; 32]))
            .unwrap();
    }
    refused(
        config.allow_mint(Pubkey::new_from_array([4; 32])),
        RegistryError::MintAlreadyAllowed,
    );
    refused(
        config.allow_mint(Pubkey::new_from_array([5; 32])),
        RegistryError::MintListFull,
    );
    assert!(!config.allows_mint(&Pubkey::default()));
    config.invariant().unwrap();
    config.fee_basis_points = 501;
    refused(config.invariant(), RegistryError::FeeTooHigh);
    config.fee_basis_points = 500;
    config.guardian = Pubkey::default();
    refused(config.invariant(), RegistryError::KeyMissing);
}
