use anchor_lang::prelude::*;

use crate::constants::{DEVELOPMENT_TIMELOCK_SECS, TIMELOCK_SECS};
use crate::error::RegistryError;
use crate::state::{Authorities, Config, Params};

/// What the board has announced and cannot put into force before its time. One place for parameters,
/// one for authorities.
impl Config {
    /// Who governs now.
    pub fn authorities(&self) -> Authorities {
        Authorities {
            board: self.board,
            guardian: self.guardian,
            treasury: self.treasury,
            fee_basis_points: self.fee_basis_points,
        }
    }

    /// Announces parameters; what is out of range is refused now and not only when it is applied.
    pub fn queue_params(&mut self, params: &Params, now: i64) -> Result<[u8; 32]> {
        params.validate(self.development)?;
        require!(self.pending_params_at == 0, RegistryError::QueueOccupied);
        self.pending_params_hash = params.hash()?;
        self.pending_params_at = self.ready_at(now)?;
        Ok(self.pending_params_hash)
    }

    pub fn apply_params(&mut self, params: &Params, now: i64) -> Result<()> {
        let queued = (self.pending_params_hash, self.pending_params_at);
        require_ready(queued, params.hash()?, now)?;
        self.params = params.clone();
        self.cancel_params()?;
        Ok(())
    }

    /// Empties the place; returns the hash that stood there.
    pub fn cancel_params(&mut self) -> Result<[u8; 32]> {
        require!(self.pending_params_at != 0, RegistryError::NothingQueued);
        self.pending_params_at = 0;
        Ok(std::mem::take(&mut self.pending_params_hash))
    }

    /// Announces who will govern.
    pub fn queue_authorities(&mut self, authorities: &Authorities, now: i64) -> Result<[u8; 32]> {
        authorities.validate()?;
        require!(
            self.pending_authorities_at == 0,
            RegistryError::QueueOccupied
        );
        self.pending_authorities_hash = authorities.hash()?;
        self.pending_authorities_at = self.ready_at(now)?;
        Ok(self.pending_authorities_hash)
    }

    pub fn apply_authorities(&mut self, authorities: &Authorities, now: i64) -> Result<()> {
        let queued = (self.pending_authorities_hash, self.pending_authorities_at);
        require_ready(queued, authorities.hash()?, now)?;
        self.board = authorities.board;
        self.guardian = authorities.guardian;
        self.treasury = authorities.treasury;
        self.fee_basis_points = authorities.fee_basis_points;
        self.cancel_authorities()?;
        Ok(())
    }

    /// Empties the place; returns the hash that stood there.
    pub fn cancel_authorities(&mut self) -> Result<[u8; 32]> {
        require!(
            self.pending_authorities_at != 0,
            RegistryError::NothingQueued
        );
        self.pending_authorities_at = 0;
        Ok(std::mem::take(&mut self.pending_authorities_hash))
    }

    fn ready_at(&self, now: i64) -> Result<i64> {
        let secs = if self.development {
            DEVELOPMENT_TIMELOCK_SECS
        } else {
            TIMELOCK_SECS
        };
        now.checked_add(secs)
            .ok_or_else(|| error!(RegistryError::CounterOutOfRange))
    }
}

fn require_ready((hash, ready_at): ([u8; 32], i64), given: [u8; 32], now: i64) -> Result<()> {
    require!(ready_at != 0, RegistryError::NothingQueued);
    require!(hash == given, RegistryError::QueuedValueMismatch);
    require!(now >= ready_at, RegistryError::TimelockNotEnded);
    Ok(())
}
