mod config;
mod node;
mod params;
mod participant;
mod participant_authority;
#[cfg(test)]
mod tests;

pub use config::*;
pub use node::*;
pub use params::*;
pub use participant::*;
pub use participant_authority::*;
