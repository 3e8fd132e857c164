//! Sizes, discriminators and addresses that clients rely on.
use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};

use crate::constants::*;
use crate::state::*;

#[test]
fn layouts_and_discriminators_are_pinned() {
    assert_eq!(Params::INIT_SPACE, 88);
    assert_eq!(Config::INIT_SPACE, 435);
    assert_eq!(Participant::INIT_SPACE, 314);
    assert_eq!(Node::INIT_SPACE, 333);
    assert_eq!(
        Config::DISCRIMINATOR,
        [155, 12, 170, 224, 30, 250, 204, 130]
    );
    assert_eq!(
        Participant::DISCRIMINATOR,
        [32, 142, 108, 79, 247, 179, 54, 6]
    );
    assert_eq!(Node::DISCRIMINATOR, [208, 53, 1, 3, 49, 122, 180, 49]);
}

#[test]
fn the_calling_programs_authorities_are_their_canonical_addresses() {
    for (program, (address, bump)) in [
        (MARKET_PROGRAM_ID, MARKET_AUTHORITY_AND_BUMP),
        (SETTLEMENT_PROGRAM_ID, SETTLEMENT_AUTHORITY_AND_BUMP),
    ] {
        let found = Pubkey::find_program_address(&[AUTHORITY_SEED], &program);
        assert_eq!(found, (address, bump));
    }
}
