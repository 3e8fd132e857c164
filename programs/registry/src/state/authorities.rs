use anchor_lang::prelude::*;

use crate::constants::MAX_FEE_BASIS_POINTS;
use crate::error::RegistryError;

/// Who governs the marketplace and what it takes: the board changes them as one set.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Debug, PartialEq, Eq)]
pub struct Authorities {
    pub board: Pubkey,
    pub guardian: Pubkey,
    pub treasury: Pubkey,
    pub fee_basis_points: u16,
}

impl Authorities {
    /// Refuses a missing key and a fee above the hard cap.
    pub fn validate(&self) -> Result<()> {
        let keys_set = [self.board, self.guardian, self.treasury]
            .iter()
            .all(|key| *key != Pubkey::default());
        require!(keys_set, RegistryError::KeyMissing);
        require!(
            self.fee_basis_points <= MAX_FEE_BASIS_POINTS,
            RegistryError::FeeTooHigh
        );
        Ok(())
    }

    /// SHA-256 of the Borsh encoding.
    pub fn hash(&self) -> Result<[u8; 32]> {
        let mut bytes = Vec::with_capacity(Authorities::INIT_SPACE);
        self.serialize(&mut bytes)?;
        Ok(protocol_core::sha256(&[&bytes]))
    }
}
