use crate::{CoreError, BASIS_POINTS, PARTS_PER_MILLION};

/// Tiers of one SLA.
pub const MAX_SLA_TIERS: usize = 8;
const METRIC_COUNT: usize = 4;

/// What a tier measures; the number is the wire value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SlaMetric {
    /// Matches when `availability_ppm` is below the threshold.
    Availability = 0,
    /// Matches when `error_ppm` is above the threshold.
    Error = 1,
    /// Matches when `ttfb_p95_ms` is above the threshold.
    Ttfb = 2,
    /// Matches when `stall_ppm` is above the threshold.
    Stall = 3,
}

impl SlaMetric {
    pub fn from_u8(value: u8) -> Result<Self, CoreError> {
        match value {
            0 => Ok(Self::Availability),
            1 => Ok(Self::Error),
            2 => Ok(Self::Ttfb),
            3 => Ok(Self::Stall),
            _ => Err(CoreError::SlaMetricUnknown),
        }
    }
}

/// One step of a penalty scale. A tier of zero basis points is an unused place and never read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlaTier {
    /// See [`SlaMetric`].
    pub metric: u8,
    /// Parts per million, or milliseconds for time to first byte. Exactly at the threshold the promise is kept.
    pub threshold: u32,
    pub basis_points: u16,
}

/// The penalty terms of a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sla {
    /// SLA reports needed before their median replaces the seller's own summary.
    pub quorum: u8,
    pub max_penalty_basis_points: u16,
    pub severe_basis_points: u16,
    pub slash_basis_points: u16,
    pub tiers: [SlaTier; MAX_SLA_TIERS],
}

/// What was measured in one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlaSummary {
    pub availability_ppm: u32,
    pub error_ppm: u32,
    pub ttfb_p95_ms: u16,
    pub stall_ppm: u32,
    /// Sessions behind the figures; it takes no part in the penalty.
    pub sessions: u32,
}

impl SlaSummary {
    /// Refuses shares above one million parts per million.
    pub fn check(&self) -> Result<(), CoreError> {
        let shares = [self.availability_ppm, self.error_ppm, self.stall_ppm];
        if shares.iter().any(|share| *share > PARTS_PER_MILLION) {
            return Err(CoreError::PartsPerMillionOutOfRange);
        }
        Ok(())
    }

    fn matches(&self, metric: SlaMetric, threshold: u32) -> bool {
        match metric {
            SlaMetric::Availability => self.availability_ppm < threshold,
            SlaMetric::Error => self.error_ppm > threshold,
            SlaMetric::Ttfb => u32::from(self.ttfb_p95_ms) > threshold,
            SlaMetric::Stall => self.stall_ppm > threshold,
        }
    }
}

/// Refuses terms that no settlement could apply: unknown metrics, basis points above 10 000.
pub fn check_sla(sla: &Sla) -> Result<(), CoreError> {
    let limits = [
        sla.max_penalty_basis_points,
        sla.severe_basis_points,
        sla.slash_basis_points,
    ];
    if limits.iter().any(|limit| *limit > BASIS_POINTS) {
        return Err(CoreError::BasisPointsOutOfRange);
    }
    for tier in sla.tiers.iter().filter(|tier| tier.basis_points > 0) {
        SlaMetric::from_u8(tier.metric)?;
        if tier.basis_points > BASIS_POINTS {
            return Err(CoreError::BasisPointsOutOfRange);
        }
    }
    Ok(())
}

/// The worst matching tier of each metric, summed over the metrics, at most `max_penalty_basis_points` (protocol 6.9).
///
/// Errors: what [`check_sla`] and [`SlaSummary::check`] refuse.
pub fn compute_penalty_basis_points(sla: &Sla, summary: &SlaSummary) -> Result<u16, CoreError> {
    check_sla(sla)?;
    summary.check()?;
    let mut worst = [0u16; METRIC_COUNT];
    for tier in sla.tiers.iter().filter(|tier| tier.basis_points > 0) {
        let metric = SlaMetric::from_u8(tier.metric)?;
        if !summary.matches(metric, tier.threshold) {
            continue;
        }
        if let Some(current) = worst.get_mut(usize::from(tier.metric)) {
            *current = (*current).max(tier.basis_points);
        }
    }
    let mut sum = 0u16;
    for basis_points in worst {
        sum = sum.checked_add(basis_points).ok_or(CoreError::Overflow)?;
    }
    Ok(sum.min(sla.max_penalty_basis_points))
}

/// Whether a penalty counts as a severe breach. No penalty is never one, whatever the terms say.
pub fn is_severe(sla: &Sla, penalty_basis_points: u16) -> bool {
    penalty_basis_points > 0 && penalty_basis_points >= sla.severe_basis_points
}
