use anchor_lang::prelude::*;
use anchor_lang::{AccountDeserialize, AnchorSerialize, Discriminator, Space};

use super::tests::params;
use super::*;
use crate::constants::*;
use crate::error::RegistryError;

const NOW: i64 = 1_800_000_000;

fn key(fill: u8) -> Pubkey {
    Pubkey::new_from_array([fill; 32])
}

fn config() -> Config {
    Config {
        version: ACCOUNT_VERSION,
        bump: 255,
        board: key(1),
        guardian: key(2),
        treasury: key(3),
        cluster_tag: 7,
        development: false,
        mints: [Pubkey::default(); MAX_MINTS],
        fee_basis_points: 200,
        pause_bits: 0,
        pause_until: 0,
        params: params(),
        pending_params_hash: [0; 32],
        pending_params_at: 0,
        pending_authorities_hash: [0; 32],
        pending_authorities_at: 0,
        pause_started_at: 0,
        reserved: [0; CONFIG_RESERVED_BYTES],
    }
}

fn other_params() -> Params {
    Params {
        prefund_epochs: 7,
        ..params()
    }
}

fn other_authorities() -> Authorities {
    Authorities {
        board: key(4),
        guardian: key(5),
        treasury: key(6),
        fee_basis_points: 500,
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T>, error: RegistryError) {
    assert_eq!(result.unwrap_err(), error.into());
}

/// The account as the first cut wrote it: 64 zero bytes after `pending_params_at`.
#[test]
fn an_account_of_the_first_layout_reads_as_nothing_queued_and_never_paused() {
    let mut bytes = Config::DISCRIMINATOR.to_vec();
    config().serialize(&mut bytes).unwrap();
    let first_cut_end = 8 + Config::INIT_SPACE - 64;
    bytes.truncate(first_cut_end);
    bytes.extend_from_slice(&[0; 64]);
    let read = Config::try_deserialize(&mut bytes.as_slice()).unwrap();
    assert_eq!(read.pending_authorities_at, 0);
    assert_eq!(read.pending_authorities_hash, [0; 32]);
    assert_eq!(read.pause_allowed_at(), 0);
    assert_eq!((read.board, read.pending_params_at), (key(1), 0));
    read.invariant().unwrap();
}

#[test]
fn parameters_wait_for_72_hours_and_are_those_announced() {
    let mut config = config();
    refused(
        config.apply_params(&other_params(), NOW),
        RegistryError::NothingQueued,
    );
    let hash = config.queue_params(&other_params(), NOW).unwrap();
    assert_eq!(hash, other_params().hash().unwrap());
    assert_eq!(config.pending_params_at, NOW + 259_200);
    let ready_at = config.pending_params_at;
    refused(
        config.queue_params(&params(), NOW),
        RegistryError::QueueOccupied,
    );
    refused(
        config.apply_params(&params(), ready_at),
        RegistryError::QueuedValueMismatch,
    );
    refused(
        config.apply_params(&other_params(), ready_at - 1),
        RegistryError::TimelockNotEnded,
    );
    config.apply_params(&other_params(), ready_at).unwrap();
    assert_eq!(config.params, other_params());
    assert_eq!(config.pending_params_hash, [0; 32]);
    refused(
        config.apply_params(&other_params(), ready_at),
        RegistryError::NothingQueued,
    );
}

#[test]
fn parameters_out_of_range_are_not_even_queued() {
    let mut config = config();
    let short = Params {
        commit_delay_secs: 59,
        ..params()
    };
    refused(
        config.queue_params(&short, NOW),
        RegistryError::ParamOutOfRange,
    );
    assert_eq!(config.pending_params_at, 0);
    config.development = true;
    config.queue_params(&short, NOW).unwrap();
    assert_eq!(config.pending_params_at, NOW + 1);
}

#[test]
fn authorities_wait_as_well_and_can_be_cancelled() {
    let mut config = config();
    config.queue_authorities(&other_authorities(), NOW).unwrap();
    let ready_at = config.pending_authorities_at;
    assert_eq!(ready_at, NOW + 259_200);
    refused(
        config.apply_authorities(&other_authorities(), ready_at - 1),
        RegistryError::TimelockNotEnded,
    );
    refused(
        config.apply_authorities(&config.authorities(), ready_at),
        RegistryError::QueuedValueMismatch,
    );
    config.cancel_authorities().unwrap();
    refused(config.cancel_authorities(), RegistryError::NothingQueued);
    config.queue_authorities(&other_authorities(), NOW).unwrap();
    config
        .apply_authorities(&other_authorities(), ready_at)
        .unwrap();
    assert_eq!(config.authorities(), other_authorities());
    config.invariant().unwrap();
}

#[test]
fn authorities_keep_the_hard_cap_and_need_every_key() {
    let mut config = config();
    let dear = Authorities {
        fee_basis_points: 501,
        ..other_authorities()
    };
    refused(
        config.queue_authorities(&dear, NOW),
        RegistryError::FeeTooHigh,
    );
    for place in 0..3 {
        let mut keyless = other_authorities();
        [
            &mut keyless.board,
            &mut keyless.guardian,
            &mut keyless.treasury,
        ][place]
            .clone_from(&Pubkey::default());
        refused(
            config.queue_authorities(&keyless, NOW),
            RegistryError::KeyMissing,
        );
    }
}

#[test]
fn a_pause_knows_three_bits_and_ends_by_itself() {
    let mut config = config();
    for bits in [0, 8, PAUSE_ALL | 8, u16::MAX] {
        refused(
            config.pause(bits, NOW + 60, NOW),
            RegistryError::PauseBitsInvalid,
        );
    }
    for until in [NOW, NOW - 1, NOW + MAX_PAUSE_SECS + 1] {
        refused(
            config.pause(1, until, NOW),
            RegistryError::PauseUntilInvalid,
        );
    }
    config
        .pause(PAUSE_NEW_CONTRACTS, NOW + MAX_PAUSE_SECS, NOW)
        .unwrap();
    assert!(config.is_paused(PAUSE_NEW_CONTRACTS, NOW));
    assert!(!config.is_paused(PAUSE_AUCTION, NOW));
    assert!(config.is_paused(PAUSE_NEW_CONTRACTS, NOW + MAX_PAUSE_SECS - 1));
    assert!(!config.is_paused(PAUSE_NEW_CONTRACTS, NOW + MAX_PAUSE_SECS));
}

#[test]
fn after_a_pause_comes_a_rest_as_long() {
    let mut config = config();
    config.pause(1, NOW + 100, NOW).unwrap();
    refused(
        config.pause(2, NOW + 200, NOW + 99),
        RegistryError::PauseInForce,
    );
    for at in [100, 199] {
        refused(
            config.pause(1, NOW + at + 10, NOW + at),
            RegistryError::PauseCoolingDown,
        );
    }
    config.pause(2, NOW + 250, NOW + 200).unwrap();
    config.unpause(NOW + 210).unwrap();
    assert!(!config.is_paused(2, NOW + 210));
    refused(config.unpause(NOW + 210), RegistryError::NotPaused);
    refused(
        config.pause(1, NOW + 300, NOW + 219),
        RegistryError::PauseCoolingDown,
    );
    config.pause(1, NOW + 300, NOW + 220).unwrap();
    refused(config.unpause(NOW + 300), RegistryError::NotPaused);
}

#[test]
fn at_no_moment_has_it_been_paused_for_more_than_half_of_the_time_but_for_the_pause_in_force() {
    let mut state: u64 = 1;
    let mut next = |bound: i64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        i64::try_from(state >> 33).unwrap() % bound
    };
    let mut config = config();
    let (mut now, mut paused_secs, mut pauses) = (NOW, 0, 0);
    for _ in 0..20_000 {
        let step = next(MAX_PAUSE_SECS / 8);
        paused_secs += (config.pause_until.min(now + step) - now).max(0);
        now += step;
        let until = now + next(MAX_PAUSE_SECS + 2);
        pauses += i32::from(config.pause(1, until, now).is_ok());
        if next(6) == 0 {
            let _ = config.unpause(now);
        }
        // The time since the start and what is still owed as rest cover twice what was paused.
        let in_force = (now.min(config.pause_until) - config.pause_started_at).max(0);
        let before_it = paused_secs
            - if now < config.pause_until {
                in_force
            } else {
                0
            };
        if now >= config.pause_allowed_at() || now < config.pause_until {
            assert!(2 * before_it <= now - NOW);
        }
    }
    assert!(pauses > 500);
}
