use crate::bytes::{take, take_u32, take_u64};
use crate::{sha256, CoreError, Hash};

/// Encoded length of a leaf.
pub const LEAF_BYTES: usize = 112;

/// What one session adds to a commitment: LEAF of protocol 6.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// SHA-256 of the token: the key in the settlement tree, so a token counts once.
    pub token_hash: Hash,
    /// At least 1.
    pub bytes: u64,
    pub objects: u32,
    pub class: u8,
    /// SHA-256 of the last receipt.
    pub receipt_hash: Hash,
    /// RFC 9162 tree head of the session's log records.
    pub log_root: Hash,
}

impl Leaf {
    pub fn encode(&self) -> [u8; LEAF_BYTES] {
        let mut bytes = [0u8; LEAF_BYTES];
        bytes[..32].copy_from_slice(&self.token_hash);
        bytes[32..40].copy_from_slice(&self.bytes.to_le_bytes());
        bytes[40..44].copy_from_slice(&self.objects.to_le_bytes());
        bytes[44] = self.class;
        bytes[48..80].copy_from_slice(&self.receipt_hash);
        bytes[80..].copy_from_slice(&self.log_root);
        bytes
    }

    /// Errors: [`CoreError::LengthWrong`], [`CoreError::ReservedNotZero`], [`CoreError::LeafEmpty`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CoreError> {
        if bytes.len() != LEAF_BYTES {
            return Err(CoreError::LengthWrong);
        }
        let [class, reserved @ ..] = take::<4>(bytes, 44)?;
        if reserved != [0; 3] {
            return Err(CoreError::ReservedNotZero);
        }
        let leaf = Self {
            token_hash: take(bytes, 0)?,
            bytes: take_u64(bytes, 32)?,
            objects: take_u32(bytes, 40)?,
            class,
            receipt_hash: take(bytes, 48)?,
            log_root: take(bytes, 80)?,
        };
        if leaf.bytes == 0 {
            return Err(CoreError::LeafEmpty);
        }
        Ok(leaf)
    }

    /// `SHA256(0x00 | LEAF)`: the prefix keeps leaves and inner nodes apart.
    pub fn hash(&self) -> Hash {
        sha256(&[&[0x00], &self.encode()])
    }
}
