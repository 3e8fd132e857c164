mod delivery_commitment;

pub use delivery_commitment::*;
#[cfg(test)]
mod tests;
