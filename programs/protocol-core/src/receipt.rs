use crate::bytes::{check_message, take, take_u16, take_u32, take_u64};
use crate::{sha256, CoreError, Hash};

/// Encoded length of a receipt.
pub const RECEIPT_BYTES: usize = 112;
const DOMAIN: [u8; 16] = *b"OCM/rcpt/v1\0\0\0\0\0";

/// What a client says that it got so far under one token: RECEIPT of protocol 6.4. All counters are cumulative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub token_hash: Hash,
    /// Strictly increasing.
    pub seq: u32,
    pub objects: u32,
    pub bytes: u64,
    /// Unix milliseconds of the last byte.
    pub last_ms: u64,
    pub ttfb_p95_ms: u16,
    /// Hundredths of a second without playable data.
    pub stall_centisecs: u16,
    pub errors: u32,
    /// Chain over the received objects, see [`extend_accumulator`].
    pub accumulator: Hash,
}

impl Receipt {
    pub fn encode(&self) -> [u8; RECEIPT_BYTES] {
        let mut bytes = [0u8; RECEIPT_BYTES];
        bytes[..16].copy_from_slice(&DOMAIN);
        bytes[16..48].copy_from_slice(&self.token_hash);
        bytes[48..52].copy_from_slice(&self.seq.to_le_bytes());
        bytes[52..56].copy_from_slice(&self.objects.to_le_bytes());
        bytes[56..64].copy_from_slice(&self.bytes.to_le_bytes());
        bytes[64..72].copy_from_slice(&self.last_ms.to_le_bytes());
        bytes[72..74].copy_from_slice(&self.ttfb_p95_ms.to_le_bytes());
        bytes[74..76].copy_from_slice(&self.stall_centisecs.to_le_bytes());
        bytes[76..80].copy_from_slice(&self.errors.to_le_bytes());
        bytes[80..].copy_from_slice(&self.accumulator);
        bytes
    }

    /// Errors: [`CoreError::LengthWrong`], [`CoreError::DomainWrong`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CoreError> {
        check_message(bytes, RECEIPT_BYTES, &DOMAIN)?;
        Ok(Self {
            token_hash: take(bytes, 16)?,
            seq: take_u32(bytes, 48)?,
            objects: take_u32(bytes, 52)?,
            bytes: take_u64(bytes, 56)?,
            last_ms: take_u64(bytes, 64)?,
            ttfb_p95_ms: take_u16(bytes, 72)?,
            stall_centisecs: take_u16(bytes, 74)?,
            errors: take_u32(bytes, 76)?,
            accumulator: take(bytes, 80)?,
        })
    }

    /// SHA-256 of the encoding.
    pub fn hash(&self) -> Hash {
        sha256(&[&self.encode()])
    }
}

/// `SHA256(token_hash)`: the accumulator before the first object.
pub fn initial_accumulator(token_hash: &Hash) -> Hash {
    sha256(&[token_hash])
}

/// `SHA256(accumulator | SHA256(object) | u64 length)`, for each completed object or 1 MiB part.
pub fn extend_accumulator(accumulator: &Hash, object_sha256: &Hash, length_bytes: u64) -> Hash {
    sha256(&[accumulator, object_sha256, &length_bytes.to_le_bytes()])
}
