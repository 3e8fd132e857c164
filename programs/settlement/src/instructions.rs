mod close_commitment;
mod commit_delivery;
mod cosign_delivery;
mod expire_commitment;
mod settle_delivery;
mod withdraw_payout;

pub use close_commitment::*;
pub use commit_delivery::*;
pub use cosign_delivery::*;
pub use expire_commitment::*;
pub use settle_delivery::*;
pub use withdraw_payout::*;
