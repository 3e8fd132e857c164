use crate::units::share_floor;
use crate::{CoreError, BASIS_POINTS};

/// Payees of one contract; the treasury is the ninth.
pub const MAX_SPLITS: usize = 8;

/// Inputs of one settlement; money in base units of the mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettlementInput<'a> {
    /// Fixed when the delivery was committed.
    pub gross: u64,
    pub top_up: u64,
    pub penalty_basis_points: u16,
    pub fee_basis_points: u16,
    /// Basis points of each payee, 1 to 8 of them, 10 000 together.
    pub splits: &'a [u16],
}

/// Outcome of one settlement: `penalty + net = gross + top_up` and `Σ payouts + treasury = net`, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Kept by the content provider: it never leaves the vault.
    pub penalty: u64,
    pub net: u64,
    pub fee: u64,
    /// In the order of the splits; unused places are zero.
    pub payouts: [u64; MAX_SPLITS],
    /// The fee plus the dust of the floors, below one base unit per split.
    pub treasury: u64,
}

/// Accepts 1 to 8 splits that add up to exactly 10 000 basis points.
pub fn check_splits(splits: &[u16]) -> Result<(), CoreError> {
    if splits.is_empty() || splits.len() > MAX_SPLITS {
        return Err(CoreError::SplitCountOutOfRange);
    }
    let mut sum = 0u32;
    for basis_points in splits {
        sum = sum
            .checked_add(u32::from(*basis_points))
            .ok_or(CoreError::Overflow)?;
    }
    if sum != u32::from(BASIS_POINTS) {
        return Err(CoreError::SplitsSumWrong);
    }
    Ok(())
}

/// Settlement arithmetic of protocol 6.9. Errors: basis points above 10 000, splits refused by [`check_splits`],
/// `gross + top_up` beyond 64 bits.
pub fn compute_settlement(input: &SettlementInput<'_>) -> Result<Settlement, CoreError> {
    check_splits(input.splits)?;
    let earned = input
        .gross
        .checked_add(input.top_up)
        .ok_or(CoreError::Overflow)?;
    let penalty = share_floor(earned, input.penalty_basis_points)?;
    let net = earned.checked_sub(penalty).ok_or(CoreError::Overflow)?;
    let fee = share_floor(net, input.fee_basis_points)?;
    let rest = net.checked_sub(fee).ok_or(CoreError::Overflow)?;

    let mut payouts = [0u64; MAX_SPLITS];
    let mut dust = rest;
    for (payout, basis_points) in payouts.iter_mut().zip(input.splits) {
        *payout = share_floor(rest, *basis_points)?;
        dust = dust.checked_sub(*payout).ok_or(CoreError::Overflow)?;
    }
    let treasury = fee.checked_add(dust).ok_or(CoreError::Overflow)?;
    Ok(Settlement {
        penalty,
        net,
        fee,
        payouts,
        treasury,
    })
}
