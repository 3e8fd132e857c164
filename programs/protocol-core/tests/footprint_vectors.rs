//! Footprints against tests/vectors/footprints.json.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{bytes, list, load, text};
use protocol_core::{CoreError, Footprint, FOOTPRINT_BYTES};

#[test]
fn canonical_footprints_are_accepted_and_kept() {
    for case in list(&load("footprints.json"), "canonical") {
        let encoded = bytes(text(case, "encoded"));
        let footprint =
            Footprint::decode(&encoded).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(footprint.is_canonical(), "{case}");
        assert_eq!(footprint.encode().to_vec(), encoded, "{case}");
    }
}

#[test]
fn every_other_spelling_is_refused() {
    for case in list(&load("footprints.json"), "invalidEncodings") {
        let result = Footprint::decode(&bytes(text(case, "encoded")));
        assert_eq!(result, Err(CoreError::FootprintNotCanonical), "{case}");
    }
}

#[test]
fn wrong_lengths_are_refused() {
    for length in [0, 1, FOOTPRINT_BYTES - 1, FOOTPRINT_BYTES + 1] {
        assert_eq!(
            Footprint::decode(&vec![0; length]),
            Err(CoreError::LengthWrong)
        );
    }
}
