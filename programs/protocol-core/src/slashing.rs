use crate::units::share_floor;
use crate::CoreError;

const CONTENT_PROVIDER_BASIS_POINTS: u16 = 5_000;
const CHALLENGER_BASIS_POINTS: u16 = 3_000;

/// Who gets what of slashed stake; the three add up to it exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlashSplit {
    pub content_provider: u64,
    /// Zero without a challenger.
    pub challenger: u64,
    /// Its 20 %, what no challenger gets, and the dust of the floors, as in every settlement.
    pub treasury: u64,
}

/// 50 % to the content provider, 30 % to the challenger if there is one, the rest to the treasury (protocol 6.7).
pub fn compute_slash_split(slashed: u64, has_challenger: bool) -> Result<SlashSplit, CoreError> {
    let content_provider = share_floor(slashed, CONTENT_PROVIDER_BASIS_POINTS)?;
    let challenger = if has_challenger {
        share_floor(slashed, CHALLENGER_BASIS_POINTS)?
    } else {
        0
    };
    let treasury = slashed
        .checked_sub(content_provider)
        .and_then(|rest| rest.checked_sub(challenger))
        .ok_or(CoreError::Overflow)?;
    Ok(SlashSplit {
        content_provider,
        challenger,
        treasury,
    })
}

/// Slash for evidence that never came: `floor(lock · liveness_slash / 10 000)`; the rest of the lock is freed.
pub fn compute_liveness_slash(
    lock: u64,
    liveness_slash_basis_points: u16,
) -> Result<u64, CoreError> {
    share_floor(lock, liveness_slash_basis_points)
}
