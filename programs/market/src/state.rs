mod bid;
mod bounty;
mod capacity_claim;
mod contract;
mod contract_bond;
mod contract_books;
mod contract_money;
mod contract_termination;
mod contract_terms;
mod delivery_method;
mod lot;
mod lot_ranking;
mod lot_terms;
mod offer;
mod price_history;
mod terms;

pub use bid::*;
pub use bounty::*;
pub use capacity_claim::*;
pub use contract::*;
pub use contract_books::*;
pub(crate) use contract_money::*;
pub use delivery_method::*;
pub use lot::*;
pub use offer::*;
pub use price_history::*;
pub use terms::*;

#[cfg(test)]
mod auction_tests;
#[cfg(test)]
mod tests;
