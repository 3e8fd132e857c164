use anchor_lang::prelude::*;

#[constant]
pub const COMMITMENT_SEED: &[u8] = b"commitment";

/// Receipted unicast: paid by receipts, secured by stake, eligible for the minimum commit.
pub const KIND_RECEIPTED: u8 = 0;
/// Receipted multicast.
pub const KIND_MULTICAST: u8 = 2;

pub const MAX_SAMPLES: usize = 8;

#[constant]
pub const CHALLENGE_SEED: &[u8] = b"challenge";
#[constant]
pub const REPORT_SEED: &[u8] = b"sla";

pub const SLOT_HASHES: Pubkey = pubkey!("SysvarS1otHashes111111111111111111111111111");
pub const INSTRUCTIONS: Pubkey = pubkey!("Sysvar1nstructions1111111111111111111111111");

pub const CHALLENGE_VERSION: u8 = 1;
pub const REPORT_VERSION: u8 = 1;

/// After three missed seeds a commitment can only be co-signed or expire.
pub const MAX_REARMS: u8 = 3;
pub const MAX_OPEN_CHALLENGES: u8 = 16;
/// Per commitment, for the content provider, whose money it is.
pub const MAX_FREE_CHALLENGES: u8 = 2;
pub const MAX_REPORTS: u8 = 16;

/// Layout of a commitment; the first cut's, 1, is still settled.
pub const COMMITMENT_VERSION: u8 = 2;

#[constant]
pub const REWARD_POOL_SEED: &[u8] = b"rpool";
#[constant]
pub const REWARD_STATUS_SEED: &[u8] = b"rstat";

pub const REWARD_POOL_VERSION: u8 = 1;
pub const REWARD_STATUS_VERSION: u8 = 1;

/// Time for watchers to veto a root; one second where `Config.development` is set (docs/decisions/0002).
#[constant]
pub const MIN_REWARD_DELAY_SECS: i64 = 86_400;
/// Members' money does not wait longer than this for a root.
#[constant]
pub const MAX_REWARD_DELAY_SECS: i64 = 30 * 86_400;
/// A proof of twenty hashes and its accounts fill one transaction.
#[constant]
pub const MAX_REWARD_COUNT: u32 = 1 << 20;
