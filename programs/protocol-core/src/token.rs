use crate::bytes::{check_message, take, take_u16, take_u32, take_u64};
use crate::{sha256, CoreError, Hash};

/// Encoded length of a token.
pub const TOKEN_BYTES: usize = 160;
/// Flag bit 0: the token is for multicast delivery. All other bits are reserved.
pub const TOKEN_FLAG_MULTICAST: u16 = 1;
const DOMAIN: [u8; 16] = *b"OCM/token/v1\0\0\0\0";

/// Permission of a contract's issuer to fetch from one node in one epoch: TOKEN of protocol 6.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub contract: [u8; 32],
    /// First four bytes of the genesis hash: keeps tokens of one cluster out of another.
    pub cluster_tag: u32,
    pub epoch: u32,
    pub token_id: [u8; 16],
    pub node: [u8; 32],
    /// Fresh Ed25519 key of the client, for this token only.
    pub client_public_key: [u8; 32],
    pub max_bytes: u64,
    /// Unix seconds.
    pub not_before_secs: u32,
    /// Unix seconds.
    pub not_after_secs: u32,
    pub client_group: u32,
    pub flags: u16,
}

impl Token {
    pub fn encode(&self) -> [u8; TOKEN_BYTES] {
        let mut bytes = [0u8; TOKEN_BYTES];
        bytes[..16].copy_from_slice(&DOMAIN);
        bytes[16..48].copy_from_slice(&self.contract);
        bytes[48..52].copy_from_slice(&self.cluster_tag.to_le_bytes());
        bytes[52..56].copy_from_slice(&self.epoch.to_le_bytes());
        bytes[56..72].copy_from_slice(&self.token_id);
        bytes[72..104].copy_from_slice(&self.node);
        bytes[104..136].copy_from_slice(&self.client_public_key);
        bytes[136..144].copy_from_slice(&self.max_bytes.to_le_bytes());
        bytes[144..148].copy_from_slice(&self.not_before_secs.to_le_bytes());
        bytes[148..152].copy_from_slice(&self.not_after_secs.to_le_bytes());
        bytes[152..156].copy_from_slice(&self.client_group.to_le_bytes());
        bytes[156..158].copy_from_slice(&self.flags.to_le_bytes());
        bytes
    }

    /// Checks the form only; times, issuer and cluster are the caller's to judge.
    /// Errors: [`CoreError::LengthWrong`], [`CoreError::DomainWrong`], [`CoreError::ReservedNotZero`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CoreError> {
        check_message(bytes, TOKEN_BYTES, &DOMAIN)?;
        let flags = take_u16(bytes, 156)?;
        if flags & !TOKEN_FLAG_MULTICAST != 0 || take_u16(bytes, 158)? != 0 {
            return Err(CoreError::ReservedNotZero);
        }
        Ok(Self {
            contract: take(bytes, 16)?,
            cluster_tag: take_u32(bytes, 48)?,
            epoch: take_u32(bytes, 52)?,
            token_id: take(bytes, 56)?,
            node: take(bytes, 72)?,
            client_public_key: take(bytes, 104)?,
            max_bytes: take_u64(bytes, 136)?,
            not_before_secs: take_u32(bytes, 144)?,
            not_after_secs: take_u32(bytes, 148)?,
            client_group: take_u32(bytes, 152)?,
            flags,
        })
    }

    /// SHA-256 of the encoding: names the token in receipts and is its key in the settlement tree.
    pub fn hash(&self) -> Hash {
        sha256(&[&self.encode()])
    }
}
