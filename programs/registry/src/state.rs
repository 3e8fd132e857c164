mod authorities;
mod config;
#[cfg(test)]
mod governed_tests;
mod node;
mod params;
mod participant;
mod participant_authority;
mod pause;
mod queue;
#[cfg(test)]
mod tests;

pub use authorities::*;
pub use config::*;
pub use node::*;
pub use params::*;
pub use participant::*;
pub use participant_authority::*;
