use anchor_lang::prelude::*;
use registry::RESERVED_BYTES;

use crate::state::SlaSummary;

/// What one auditor measured in the epoch of a commitment, at `["sla", commitment, auditor]`.
#[account]
#[derive(InitSpace)]
pub struct SlaReport {
    pub version: u8,
    pub bump: u8,
    pub commitment: Pubkey,
    /// Participant account.
    pub auditor: Pubkey,
    pub summary: SlaSummary,
    /// Root over the auditor's measurements, kept off chain.
    pub evidence_root: [u8; 32],
    pub reported_at: i64,
    pub rent_payer: Pubkey,
    pub reserved: [u8; RESERVED_BYTES],
}
