use anchor_lang::prelude::*;

use crate::constants::MIN_NOTICE_EPOCHS;
use crate::error::MarketError;
use crate::state::Contract;

impl Contract {
    /// Ends the contract early, after the present epoch and the notice: both sides had built on it, so neither
    /// may leave at once (protocol 6.6). Returns the number of epochs before.
    pub fn terminate(&mut self, notice_epochs: u32, now: i64) -> Result<u32> {
        require!(self.is_running(), MarketError::ContractStateInvalid);
        require!(
            notice_epochs >= MIN_NOTICE_EPOCHS,
            MarketError::NoticeTooShort
        );
        let before = self.epoch_count;
        let after = self
            .epochs_ended_by(now)
            .checked_add(1)
            .and_then(|present| present.checked_add(notice_epochs))
            .ok_or(MarketError::AmountOverflow)?;
        require!(after < before, MarketError::TerminationTooLate);
        self.epoch_count = after;
        Ok(before)
    }
}
