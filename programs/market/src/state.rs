mod capacity_claim;
mod contract;
mod contract_bond;
mod contract_books;
mod contract_money;
mod contract_terms;
mod offer;
mod terms;

pub use capacity_claim::*;
pub use contract::*;
pub use contract_books::*;
pub(crate) use contract_money::*;
pub use offer::*;
pub use terms::*;

#[cfg(test)]
mod tests;
