mod delivery_commitment;
mod leaf_challenge;
mod sampling;
mod sla_report;

pub use delivery_commitment::*;
pub use leaf_challenge::*;
pub use sla_report::*;
#[cfg(test)]
mod tests;
