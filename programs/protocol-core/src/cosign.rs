use crate::bytes::{check_message, take, take_u16, take_u64};
use crate::{CoreError, Hash, BASIS_POINTS};

/// Encoded length of a co-signature message.
pub const COSIGN_BYTES: usize = 128;
const DOMAIN: [u8; 16] = *b"OCM/cosign/v1\0\0\0";
const PADDING_OFFSET: usize = 98;

/// What a content provider signs to confirm a commitment off line: COSIGN of protocol 6.4.
///
/// It repeats every figure that money follows from, so that a signature for one commitment says nothing about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosign {
    /// Address of the DeliveryCommitment account.
    pub commitment: [u8; 32],
    pub root: Hash,
    pub total_bytes: u64,
    pub gross: u64,
    /// Penalty that the content provider and the operator agreed on, at most 10 000.
    pub penalty_basis_points: u16,
}

impl Cosign {
    pub fn encode(&self) -> [u8; COSIGN_BYTES] {
        let mut bytes = [0u8; COSIGN_BYTES];
        bytes[..16].copy_from_slice(&DOMAIN);
        bytes[16..48].copy_from_slice(&self.commitment);
        bytes[48..80].copy_from_slice(&self.root);
        bytes[80..88].copy_from_slice(&self.total_bytes.to_le_bytes());
        bytes[88..96].copy_from_slice(&self.gross.to_le_bytes());
        bytes[96..98].copy_from_slice(&self.penalty_basis_points.to_le_bytes());
        bytes
    }

    /// Errors: [`CoreError::LengthWrong`], [`CoreError::DomainWrong`], [`CoreError::ReservedNotZero`],
    /// [`CoreError::BasisPointsOutOfRange`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CoreError> {
        check_message(bytes, COSIGN_BYTES, &DOMAIN)?;
        if take::<30>(bytes, PADDING_OFFSET)? != [0; 30] {
            return Err(CoreError::ReservedNotZero);
        }
        let penalty_basis_points = take_u16(bytes, 96)?;
        if penalty_basis_points > BASIS_POINTS {
            return Err(CoreError::BasisPointsOutOfRange);
        }
        Ok(Self {
            commitment: take(bytes, 16)?,
            root: take(bytes, 48)?,
            total_bytes: take_u64(bytes, 80)?,
            gross: take_u64(bytes, 88)?,
            penalty_basis_points,
        })
    }
}
