use anchor_lang::prelude::*;
use anchor_spl::token_2022_extensions::spl_token_metadata_interface::state::TokenMetadata;

use crate::error::RegistryError;
use crate::state::{CapacityClass, Node, NodeRole};

pub const LICENCE_SYMBOL: &str = "OCM-NODE";
/// What a wallet's user must know of the token; the page says the same.
pub const LICENCE_MEANING: &str =
    "Shows that the wallet which holds it registered this node. Authority is the Node account; this token gives none.";
pub const MAX_LICENCE_URI_BYTES: usize = 200;

/// Token-2022 mint with metadata pointer, non-transferability, permanent delegate and close authority; the metadata comes
/// on top of it.
pub const LICENCE_MINT_SPACE: u64 = 310;

/// The library counts an entry of 8 bytes type and 4 bytes length; Token-2022 writes 2 bytes each.
const ENTRY_BYTES_TOO_MANY: usize = 8;

/// Bytes of a licence's mint with its metadata.
pub fn licence_space(metadata: &TokenMetadata) -> Result<usize> {
    let bytes = metadata.tlv_size_of()?.checked_sub(ENTRY_BYTES_TOO_MANY);
    let mint = usize::try_from(LICENCE_MINT_SPACE).ok();
    let space = bytes.zip(mint).and_then(|(a, b)| a.checked_add(b));
    space.ok_or_else(|| RegistryError::CounterOutOfRange.into())
}

/// Wallets show it and some follow it: it is bounded, and holds nothing that hides or reorders text.
pub fn check_licence_uri(uri: &str) -> Result<()> {
    require!(
        uri.len() <= MAX_LICENCE_URI_BYTES && uri.bytes().all(|byte| byte.is_ascii_graphic()),
        RegistryError::LicenceUriInvalid
    );
    Ok(())
}

/// What the licence of `node` says, as of the moment at which it is minted. Nobody can change it later.
pub fn licence_metadata(node: &Node, address: &Pubkey, mint: Pubkey, uri: String) -> TokenMetadata {
    let role = role_name(node.role);
    let pair = |key: &str, value: String| (String::from(key), value);
    TokenMetadata {
        // The mint is its own authority until the last field is written.
        update_authority: Default::default(),
        mint,
        name: ["OCM ", role, " licence"].concat(),
        symbol: LICENCE_SYMBOL.into(),
        uri,
        additional_metadata: vec![
            pair("role", role.into()),
            pair("class", class_name(node.class).into()),
            pair("asn", node.asn.to_string()),
            pair("node", address.to_string()),
            pair("meaning", LICENCE_MEANING.into()),
        ],
    }
}

fn role_name(role: NodeRole) -> &'static str {
    match role {
        NodeRole::Cast => "CAST",
        NodeRole::Relay => "RELAY",
        NodeRole::Cdn => "CDN",
    }
}

fn class_name(class: CapacityClass) -> &'static str {
    match class {
        CapacityClass::Unicast => "unicast",
        CapacityClass::Multicast => "multicast",
        CapacityClass::Atsc3 => "atsc3",
        CapacityClass::Satellite => "satellite",
        CapacityClass::Mobile => "mobile",
        CapacityClass::InHome => "inHome",
    }
}
