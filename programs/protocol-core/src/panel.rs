use crate::CoreError;

/// Sub-windows of one measurement, the same moments for every member.
pub const PANEL_SUB_WINDOWS: usize = 8;
/// Members of the largest panel.
pub const MAX_PANEL_SIZE: usize = 64;

const MILLISECONDS_PER_SECOND: u64 = 1_000;

/// What one member reported, capped at the rate at which the node was to send to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelRow {
    /// Received in each sub-window.
    pub kilobits: [u32; PANEL_SUB_WINDOWS],
    /// More than it was sent it cannot have received.
    pub paced_kilobits_per_second: u64,
}

/// One measurement of a node by a panel (protocol 6.10.1).
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    /// The reports that came, in any order; a member without one has received nothing.
    pub rows: &'a [PanelRow],
    /// Members that were drawn.
    pub size: u8,
    /// Members that may lie without raising the result above the truth.
    pub faults: u8,
    pub sub_window_ms: u32,
}

/// Both rounded down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PanelRate {
    /// Never above what honest members received at once while at most `faults` members lie.
    pub verified_kilobits_per_second: u64,
    /// The same for all members, had the dropped ones received as much.
    pub estimated_kilobits_per_second: u64,
}

/// The rate that a panel proves (protocol 6.10.1 item 7): of each sub-window the sum of the `size - faults` smallest rows, and of
/// these sums the lower median.
///
/// Each liar that remains among the smallest rows stands beside a dropped honest row that is no smaller (INV-12).
/// Errors: [`CoreError::PanelSizeOutOfRange`], [`CoreError::PanelFaultsOutOfRange`], [`CoreError::PanelRowsTooMany`],
/// [`CoreError::PanelWindowZero`].
pub fn compute_panel_rate(panel: &Panel) -> Result<PanelRate, CoreError> {
    let size = usize::from(panel.size);
    if !(1..=MAX_PANEL_SIZE).contains(&size) {
        return Err(CoreError::PanelSizeOutOfRange);
    }
    let kept = panel.size.saturating_sub(panel.faults);
    if kept == 0 {
        return Err(CoreError::PanelFaultsOutOfRange);
    }
    if panel.rows.len() > size {
        return Err(CoreError::PanelRowsTooMany);
    }
    let mut rates = [0u64; PANEL_SUB_WINDOWS];
    for (place, rate) in rates.iter_mut().enumerate() {
        *rate = rate_of(sum_smallest(panel, place, kept)?, panel.sub_window_ms)?;
    }
    rates.sort_unstable();
    let lower = PANEL_SUB_WINDOWS.saturating_sub(1) >> 1;
    let verified = rates.get(lower).copied().ok_or(CoreError::Overflow)?;
    Ok(PanelRate {
        verified_kilobits_per_second: verified,
        estimated_kilobits_per_second: verified
            .checked_mul(u64::from(panel.size))
            .and_then(|all| all.checked_div(u64::from(kept)))
            .ok_or(CoreError::Overflow)?,
    })
}

/// Kilobits of the `kept` smallest rows in one sub-window; missing rows are the smallest of all.
fn sum_smallest(panel: &Panel, place: usize, kept: u8) -> Result<u64, CoreError> {
    let mut column = [0u64; MAX_PANEL_SIZE];
    let column = column
        .get_mut(..usize::from(panel.size))
        .ok_or(CoreError::PanelSizeOutOfRange)?;
    for (value, row) in column.iter_mut().zip(panel.rows) {
        let received = row.kilobits.get(place).copied().unwrap_or_default();
        *value = u64::from(received).min(sent_in(row, panel.sub_window_ms));
    }
    column.sort_unstable();
    column
        .iter()
        .take(usize::from(kept))
        .try_fold(0u64, |sum, value| sum.checked_add(*value))
        .ok_or(CoreError::Overflow)
}

/// Most that the pace allows in one sub-window; beyond 64 bits it is no limit.
fn sent_in(row: &PanelRow, sub_window_ms: u32) -> u64 {
    row.paced_kilobits_per_second
        .checked_mul(u64::from(sub_window_ms))
        .map_or(u64::MAX, |product| product / MILLISECONDS_PER_SECOND)
}

fn rate_of(kilobits: u64, sub_window_ms: u32) -> Result<u64, CoreError> {
    kilobits
        .checked_mul(MILLISECONDS_PER_SECOND)
        .ok_or(CoreError::Overflow)?
        .checked_div(u64::from(sub_window_ms))
        .ok_or(CoreError::PanelWindowZero)
}
