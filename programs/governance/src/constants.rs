use anchor_lang::prelude::*;

#[constant]
pub const BOARD_SEED: &[u8] = b"board";
/// The address that signs what a board does, and that may own tokens, authorities and programs.
#[constant]
pub const BOARD_VAULT_SEED: &[u8] = b"board_vault";
#[constant]
pub const PROPOSAL_SEED: &[u8] = b"proposal";
#[constant]
pub const INSTRUCTION_SEED: &[u8] = b"instruction";

/// Layout version written into each account; an unknown version is refused.
pub const ACCOUNT_VERSION: u8 = 1;
/// Bytes kept free in each account, so that a later field needs no reallocation.
pub const RESERVED_BYTES: usize = 64;

pub const MAX_SEATS: usize = 16;
/// Bounds of what one proposal may do: it has to fit into one transaction when it is executed.
pub const MAX_INSTRUCTIONS: u8 = 4;
pub const MAX_INSTRUCTION_ACCOUNTS: usize = 16;
pub const MAX_INSTRUCTION_DATA_BYTES: usize = 1_024;

const HOUR_SECS: u32 = 3_600;
const DAY_SECS: u32 = 24 * HOUR_SECS;

/// Whoever disagrees with a decision has this long to leave before it takes effect (security 4.8).
pub const MIN_TIMELOCK_SECS: u32 = 72 * HOUR_SECS;
pub const MAX_TIMELOCK_SECS: u32 = 90 * DAY_SECS;
/// Members sit in different time zones and have weekends.
pub const MIN_VOTING_PERIOD_SECS: u32 = DAY_SECS;
pub const MAX_VOTING_PERIOD_SECS: u32 = 30 * DAY_SECS;
/// Least time lock and voting period of a development board (docs/decisions/0002).
pub const DEVELOPMENT_MIN_SECS: u32 = 1;
/// A decision that nobody executes must not lie in wait for ever.
pub const EXECUTION_WINDOW_SECS: i64 = 14 * 86_400;
