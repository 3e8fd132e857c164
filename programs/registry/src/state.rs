mod config;
mod node;
mod params;
mod participant;
#[cfg(test)]
mod tests;

pub use config::*;
pub use node::*;
pub use params::*;
pub use participant::*;
