use anchor_lang::prelude::*;

use crate::constants::{MAX_PAUSE_SECS, PAUSE_ALL};
use crate::error::RegistryError;
use crate::state::Config;

impl Config {
    /// Whether this bit is paused at `now`; a pause ends by itself.
    pub fn is_paused(&self, bit: u16, now: i64) -> bool {
        self.pause_bits & bit != 0 && now < self.pause_until
    }

    /// Pauses `bits` from now until a moment. After a pause there is none for as long as it lasted, so
    /// that whoever pauses can never hold the market for more than half of the time.
    pub fn pause(&mut self, bits: u16, until: i64, now: i64) -> Result<()> {
        require!(
            bits != 0 && bits & !PAUSE_ALL == 0,
            RegistryError::PauseBitsInvalid
        );
        let latest = now.saturating_add(MAX_PAUSE_SECS);
        require!(
            until > now && until <= latest,
            RegistryError::PauseUntilInvalid
        );
        require!(now >= self.pause_until, RegistryError::PauseInForce);
        require!(
            now >= self.pause_allowed_at(),
            RegistryError::PauseCoolingDown
        );
        self.pause_bits = bits;
        self.pause_started_at = now;
        self.pause_until = until;
        Ok(())
    }

    /// Ends the pause now; the rest after it is as long as it really lasted.
    pub fn unpause(&mut self, now: i64) -> Result<()> {
        require!(
            self.pause_bits != 0 && now < self.pause_until,
            RegistryError::NotPaused
        );
        self.pause_bits = 0;
        self.pause_until = now;
        Ok(())
    }

    /// The first moment at which another pause may begin.
    pub fn pause_allowed_at(&self) -> i64 {
        let lasted = self.pause_until.saturating_sub(self.pause_started_at);
        self.pause_until.saturating_add(lasted)
    }
}
