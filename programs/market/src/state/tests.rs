//! Rules of contracts: what all tests share; the tests lie by subject.

use anchor_lang::prelude::*;

use super::*;
use crate::error::MarketError;

mod commitments;
mod life;
mod settlements;
mod terms;

const KEY: Pubkey = Pubkey::new_from_array([9; 32]);

/// Ten epochs of 100 s from 1000 on; cap 8 Mbit/s = 100,000,000 bytes per epoch, price 0.5 per GB.
fn contract() -> Contract {
    let mut contract: Contract = bytemuck::Zeroable::zeroed();
    contract.genesis_at = 1_000;
    contract.epoch_length_secs = 100;
    contract.epoch_count = 10;
    contract.committed_kilobits_per_second = 4_000;
    contract.cap_kilobits_per_second = 8_000;
    contract.price_per_gigabyte = [500_000, 300_000, 400_000];
    contract.commit_fee_per_epoch = 1_000;
    contract.prefund_epochs = 6;
    contract.commit_delay_secs = 10;
    contract.commit_window_secs = 40;
    contract.settle_window_secs = 60;
    contract.sla.max_penalty_basis_points = 3_000;
    contract.fee_basis_points = 200;
    contract.splits[0] = Split {
        payee: KEY,
        basis_points: 3_333,
    };
    contract.splits[1] = Split {
        payee: KEY,
        basis_points: 6_667,
    };
    contract.split_count = 2;
    contract.treasury = Pubkey::new_from_array([8; 32]);
    contract.issuer = [KEY, Pubkey::default()];
    contract.slash_multiplier_basis_points = 20_000;
    contract.bond(1_000_000).unwrap();
    contract
}

fn settlement(
    gross: u64,
    penalty_basis_points: u16,
    top_up_eligible: bool,
) -> RecordSettlementArgs {
    RecordSettlementArgs {
        commitment: KEY,
        epoch: 0,
        kind: 0,
        root: [1; 32],
        total_bytes: 77,
        gross,
        lock: gross.saturating_mul(2),
        adopts_lock: false,
        penalty_basis_points,
        is_severe: false,
        top_up_eligible,
    }
}

/// Commits `bytes` of one kind in an epoch.
fn record(
    contract: &mut Contract,
    (epoch, kind): (u32, u8),
    bytes: u64,
    vault_balance: u64,
) -> Result<CommitmentRecord> {
    contract.record_commitment(&RecordCommitmentArgs { epoch, kind, bytes }, vault_balance)
}

/// Commits receipted unicast in epoch 0 and returns its gross.
fn record_gross(contract: &mut Contract, bytes: u64, vault_balance: u64) -> u64 {
    record(contract, (0, 0), bytes, vault_balance)
        .unwrap()
        .gross
}

fn refused<T: std::fmt::Debug>(result: Result<T>, error: MarketError) {
    assert_eq!(result.unwrap_err(), error.into());
}
