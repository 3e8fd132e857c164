mod authorities;
mod config;
#[cfg(test)]
mod governed_tests;
mod node;
mod params;
mod participant;
mod pause;
mod queue;
#[cfg(test)]
mod tests;

pub use authorities::*;
pub use config::*;
pub use node::*;
pub use params::*;
pub use participant::*;
