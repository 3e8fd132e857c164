use anchor_lang::prelude::*;

use crate::constants::{CONFIG_RESERVED_BYTES, MAX_FEE_BASIS_POINTS, MAX_MINTS};
use crate::error::RegistryError;
use crate::state::{check_version, Params};

/// The marketplace's one configuration, at `["config"]`.
#[account]
#[derive(InitSpace)]
pub struct Config {
    pub version: u8,
    pub bump: u8,
    pub board: Pubkey,
    /// May pause selected actions for at most seven days, never withdrawals.
    pub guardian: Pubkey,
    /// Owner of the token accounts that receive fees and rounding remainders.
    pub treasury: Pubkey,
    /// First four bytes (little-endian) of the cluster's genesis hash: part of every signed token.
    pub cluster_tag: u32,
    /// Lowers the least times to 1 s; fixed for ever at initialisation.
    pub development: bool,
    /// Mints that stake and contracts may use; the default key marks a free place.
    pub mints: [Pubkey; MAX_MINTS],
    pub fee_basis_points: u16,
    pub pause_bits: u16,
    pub pause_until: i64,
    pub params: Params,
    pub pending_params_hash: [u8; 32],
    pub pending_params_at: i64,
    /// SHA-256 of the `Authorities` in the queue.
    pub pending_authorities_hash: [u8; 32],
    /// 0 while none are queued.
    pub pending_authorities_at: i64,
    /// When the last pause began: as long as it lasted, no other may begin after it.
    pub pause_started_at: i64,
    /// What is left of the first layout's 64 bytes: accounts written with it read as zero above.
    pub reserved: [u8; CONFIG_RESERVED_BYTES],
}

impl Config {
    /// Adds a mint to the first free place of the allow-list.
    pub fn allow_mint(&mut self, mint: Pubkey) -> Result<()> {
        require!(!self.allows_mint(&mint), RegistryError::MintAlreadyAllowed);
        let place = self
            .mints
            .iter_mut()
            .find(|place| **place == Pubkey::default())
            .ok_or(RegistryError::MintListFull)?;
        *place = mint;
        Ok(())
    }

    /// Refuses a configuration of a layout that this program does not know.
    pub fn check_version(&self) -> Result<()> {
        check_version(self.version)
    }

    /// Whether stake and contracts may be in this mint.
    pub fn allows_mint(&self, mint: &Pubkey) -> bool {
        *mint != Pubkey::default() && self.mints.contains(mint)
    }

    pub fn invariant(&self) -> Result<()> {
        check_version(self.version)?;
        let keys_set = [self.board, self.guardian, self.treasury]
            .iter()
            .all(|key| *key != Pubkey::default());
        require!(keys_set, RegistryError::KeyMissing);
        require!(
            self.fee_basis_points <= MAX_FEE_BASIS_POINTS,
            RegistryError::FeeTooHigh
        );
        self.params.validate(self.development)
    }
}
