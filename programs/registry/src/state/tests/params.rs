//! Bounds of the parameters.
use super::{params, refused};
use crate::error::RegistryError;
use crate::state::*;

#[test]
fn default_parameters_are_accepted_and_each_bound_is_enforced() {
    params().validate(false).unwrap();
    let changes: [fn(&mut Params); 12] = [
        |p| p.commit_delay_secs = 59,
        |p| p.commit_window_secs = 86_401,
        |p| p.prove_window_secs = 1,
        |p| p.challenge_window_secs = 21_599,
        |p| p.cosign_window_secs = 1,
        |p| p.unbond_secs = 1,
        |p| p.seed_delay_slots = 31,
        |p| p.prefund_epochs = 0,
        |p| p.slash_multiplier_basis_points = 9_999,
        |p| p.liveness_slash_basis_points = 10_001,
        |p| p.challenge_bond = 0,
        |p| p.epoch_lengths_secs = [299, 0, 0, 0],
    ];
    for change in changes {
        let mut changed = params();
        change(&mut changed);
        refused(changed.validate(false), RegistryError::ParamOutOfRange);
    }
}

#[test]
fn development_lowers_the_least_times_to_one_second_and_nothing_else() {
    let mut short = params();
    short.epoch_lengths_secs = [1, 0, 0, 0];
    short.commit_delay_secs = 1;
    short.commit_window_secs = 1;
    short.settle_window_secs = 2;
    short.cosign_window_secs = 1;
    short.validate(true).unwrap();
    refused(short.validate(false), RegistryError::ParamOutOfRange);
    short.settle_window_secs = 1;
    refused(short.validate(true), RegistryError::SettleWindowTooShort);
    short.settle_window_secs = 2;
    short.commit_delay_secs = 0;
    refused(short.validate(true), RegistryError::ParamOutOfRange);
    short.commit_delay_secs = 1;
    short.epoch_lengths_secs = [0; 4];
    refused(short.validate(true), RegistryError::NoEpochLength);
}

#[test]
fn another_parameter_gives_another_hash() {
    let mut changed = params();
    changed.max_token_bytes -= 1;
    assert_ne!(changed.hash().unwrap(), params().hash().unwrap());
}
