mod board;
mod lifecycle;
mod proposal;
mod proposal_instruction;
#[cfg(test)]
mod tests;
mod voting;

pub use board::*;
pub use proposal::*;
pub use proposal_instruction::*;
pub use voting::*;
