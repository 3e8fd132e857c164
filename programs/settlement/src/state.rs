mod delivery_commitment;
mod leaf_challenge;
mod sampling;
mod sla_report;

pub use delivery_commitment::*;
pub use leaf_challenge::*;
pub use sla_report::*;
#[cfg(test)]
mod tests;

mod reward_pool;
mod reward_status;
pub use reward_pool::*;
pub use reward_status::*;
#[cfg(test)]
mod reward_tests;
