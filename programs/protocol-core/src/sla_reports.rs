use crate::{CoreError, SlaSummary};

/// Reports that one commitment takes.
pub const MAX_SLA_REPORTS: usize = 16;

/// The median of auditors' reports, or nothing while there are fewer than the contract's quorum (protocol 6.9).
///
/// A quorum of zero asks for one report: nothing has no median. Of an even number each metric takes the one of its two
/// middle values that is worse for the seller, who is the claimant: the lower availability, the higher errors, time to
/// first byte and stalls. Either middle value lies between two honest ones while fewer than half of the reports lie.
/// Errors: [`CoreError::SlaReportsTooMany`], those of [`SlaSummary::check`].
pub fn compute_sla_median(
    reports: &[SlaSummary],
    quorum: u8,
) -> Result<Option<SlaSummary>, CoreError> {
    if reports.len() > MAX_SLA_REPORTS {
        return Err(CoreError::SlaReportsTooMany);
    }
    for report in reports {
        report.check()?;
    }
    if reports.len() < usize::from(quorum.max(1)) {
        return Ok(None);
    }
    let time_to_first_byte = median(reports, Middle::Higher, |r| u32::from(r.ttfb_p95_ms))?;
    Ok(Some(SlaSummary {
        availability_ppm: median(reports, Middle::Lower, |r| r.availability_ppm)?,
        error_ppm: median(reports, Middle::Higher, |r| r.error_ppm)?,
        ttfb_p95_ms: u16::try_from(time_to_first_byte).map_err(|_| CoreError::Overflow)?,
        stall_ppm: median(reports, Middle::Higher, |r| r.stall_ppm)?,
        sessions: median(reports, Middle::Lower, |r| r.sessions)?,
    }))
}

#[derive(Clone, Copy)]
enum Middle {
    Lower,
    Higher,
}

/// At most 16 values, sorted on the stack.
fn median(
    reports: &[SlaSummary],
    middle: Middle,
    metric: impl Fn(&SlaSummary) -> u32,
) -> Result<u32, CoreError> {
    let mut values = [0u32; MAX_SLA_REPORTS];
    let values = values
        .get_mut(..reports.len())
        .ok_or(CoreError::SlaReportsTooMany)?;
    for (value, report) in values.iter_mut().zip(reports) {
        *value = metric(report);
    }
    values.sort_unstable();
    let index = match middle {
        Middle::Lower => values.len().saturating_sub(1) >> 1,
        Middle::Higher => values.len() >> 1,
    };
    values.get(index).copied().ok_or(CoreError::Overflow)
}
