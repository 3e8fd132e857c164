mod authorities;
mod beacon;
mod beacon_page;
mod capacity_class;
mod closed_participant;
mod config;
#[cfg(test)]
mod governed_tests;
mod licence;
mod node;
mod operator_terms;
mod params;
mod participant;
mod participant_authority;
mod pause;
mod queue;
#[cfg(test)]
mod tests;

pub use authorities::*;
mod pool;
#[cfg(test)]
mod registry_tests;

use anchor_lang::prelude::*;

use crate::constants::ACCOUNT_VERSION;
use crate::error::RegistryError;

pub use beacon::*;
pub use beacon_page::*;
pub use capacity_class::*;
pub use closed_participant::*;
pub use config::*;
pub use licence::*;
pub use node::*;
pub use operator_terms::*;
pub use params::*;
pub use participant::*;
pub use participant_authority::*;
pub use pool::*;

/// Bytes of another layout are never read as this one.
pub(crate) fn check_version(version: u8) -> Result<()> {
    require!(
        version == ACCOUNT_VERSION,
        RegistryError::AccountVersionUnknown
    );
    Ok(())
}
