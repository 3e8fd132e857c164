use crate::units::{max_epoch_bytes, mul_div_floor, share_floor};
use crate::{CoreError, BASIS_POINTS, BYTES_PER_GIGABYTE};

/// Price of delivered bytes: `floor(bytes · price / 10^9)`, in base units of the mint (protocol 6.9).
///
/// One floor per commitment: the dust below one base unit stays with the content provider.
pub fn compute_gross(bytes: u64, price_per_gigabyte: u64) -> Result<u64, CoreError> {
    mul_div_floor(bytes, price_per_gigabyte, BYTES_PER_GIGABYTE)
}

/// What of a gross is payable: never more than the vault holds beyond what is owed or open (protocol 6.7, commit).
pub fn compute_payable_gross(
    bytes: u64,
    price_per_gigabyte: u64,
    spare: u64,
) -> Result<u64, CoreError> {
    // A price beyond 64 bits is more than any vault holds, so the clip decides; an error would strand the commitment.
    match compute_gross(bytes, price_per_gigabyte) {
        Ok(gross) => Ok(gross.min(spare)),
        Err(CoreError::Overflow) => Ok(spare),
        Err(other) => Err(other),
    }
}

/// Highest gross of one epoch: all bytes of the cap at the highest price, plus the commit fee (protocol 6.6).
pub fn compute_max_epoch_gross(
    cap_kilobits_per_second: u64,
    epoch_length_secs: u32,
    max_price_per_gigabyte: u64,
    commit_fee_per_epoch: u64,
) -> Result<u64, CoreError> {
    let bytes = max_epoch_bytes(cap_kilobits_per_second, epoch_length_secs)?;
    compute_gross(bytes, max_price_per_gigabyte)?
        .checked_add(commit_fee_per_epoch)
        .ok_or(CoreError::Overflow)
}

/// What the vault has to hold, beyond what is owed: `prefund_epochs · max_epoch_gross + open_gross` (protocol 6.6).
pub fn compute_reserve(
    prefund_epochs: u16,
    max_epoch_gross: u64,
    open_gross: u64,
) -> Result<u64, CoreError> {
    max_epoch_gross
        .checked_mul(u64::from(prefund_epochs))
        .and_then(|prefund| prefund.checked_add(open_gross))
        .ok_or(CoreError::Overflow)
}

/// Stake locked for a commitment: `floor(slash_multiplier · gross / 10 000)`; the multiplier is above 100 %.
pub fn compute_lock(gross: u64, slash_multiplier_basis_points: u32) -> Result<u64, CoreError> {
    mul_div_floor(
        gross,
        u64::from(slash_multiplier_basis_points),
        u64::from(BASIS_POINTS),
    )
}

/// Vault balance beyond what is owed and what open commitments may still earn; zero when nothing is left.
pub fn compute_spare(vault_balance: u64, owed_total: u64, open_gross: u64) -> u64 {
    vault_balance
        .saturating_sub(owed_total)
        .saturating_sub(open_gross)
}

/// Top-up to the minimum commit, clipped to what the vault can spare (protocol 6.9).
///
/// `eligible`: receipted unicast whose SLA source is a report quorum or a co-signature, and no severe breach.
/// A silent seller must never collect the minimum commit on its own word.
pub fn compute_top_up(eligible: bool, commit_fee_per_epoch: u64, gross: u64, spare: u64) -> u64 {
    if !eligible {
        return 0;
    }
    commit_fee_per_epoch.saturating_sub(gross).min(spare)
}

/// Slash of a severe breach: `min(lock, floor(commit_fee · slash / 10 000))` (protocol 6.9).
pub fn compute_severe_slash(
    lock: u64,
    commit_fee_per_epoch: u64,
    slash_basis_points: u16,
) -> Result<u64, CoreError> {
    Ok(share_floor(commit_fee_per_epoch, slash_basis_points)?.min(lock))
}
