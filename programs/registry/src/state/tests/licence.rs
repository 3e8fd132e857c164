//! What a licence says and what room it takes.
use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::{extension::ExtensionType, state::Mint};

use super::{node, refused};
use crate::error::RegistryError;
use crate::state::*;

fn key(fill: u8) -> Pubkey {
    Pubkey::new_from_array([fill; 32])
}

#[test]
fn the_mint_has_room_for_its_extensions_and_no_more() {
    let extensions = [
        ExtensionType::MetadataPointer,
        ExtensionType::NonTransferable,
        ExtensionType::PermanentDelegate,
        ExtensionType::MintCloseAuthority,
    ];
    let space = ExtensionType::try_calculate_account_len::<Mint>(&extensions).unwrap();
    assert_eq!(LICENCE_MINT_SPACE, space as u64);
}

#[test]
fn the_rent_is_that_of_the_mint_with_its_metadata() {
    let metadata = licence_metadata(&node(), &key(7), key(8), "https://a".into());
    let mut written = Vec::new();
    AnchorSerialize::serialize(&metadata, &mut written).unwrap();
    let entry = 4 + written.len();
    assert_eq!(
        licence_space(&metadata).unwrap(),
        LICENCE_MINT_SPACE as usize + entry
    );
}

#[test]
fn a_licence_names_role_class_network_and_node() {
    let mut node = node();
    let roles = [
        (NodeRole::Cast, "CAST"),
        (NodeRole::Relay, "RELAY"),
        (NodeRole::Cdn, "CDN"),
    ];
    for (role, name) in roles {
        node.role = role;
        let metadata = licence_metadata(&node, &key(7), key(8), String::new());
        assert_eq!(metadata.name, format!("OCM {name} licence"));
        assert_eq!(metadata.mint, key(8));
        let pairs: Vec<(&str, &str)> = metadata
            .additional_metadata
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let address = key(7).to_string();
        assert_eq!(
            pairs,
            [
                ("role", name),
                ("class", "unicast"),
                ("asn", "64496"),
                ("node", address.as_str()),
                ("meaning", LICENCE_MEANING),
            ]
        );
    }
}

#[test]
fn a_class_is_written_as_the_sdk_spells_it() {
    let mut node = node();
    let classes = [
        (CapacityClass::Unicast, "unicast"),
        (CapacityClass::Multicast, "multicast"),
        (CapacityClass::Atsc3, "atsc3"),
        (CapacityClass::Satellite, "satellite"),
        (CapacityClass::Mobile, "mobile"),
        (CapacityClass::InHome, "inHome"),
    ];
    for (class, name) in classes {
        node.class = class;
        let metadata = licence_metadata(&node, &key(7), key(8), String::new());
        assert_eq!(metadata.additional_metadata[1].1, name);
    }
}

#[test]
fn a_uri_is_short_and_printable() {
    check_licence_uri("").unwrap();
    check_licence_uri(&"~".repeat(200)).unwrap();
    for uri in [
        "a".repeat(201),
        "a b".into(),
        "a\n".into(),
        "ä".into(),
        "\u{202e}".into(),
    ] {
        refused(check_licence_uri(&uri), RegistryError::LicenceUriInvalid);
    }
}
