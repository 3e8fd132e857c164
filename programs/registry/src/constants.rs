use anchor_lang::prelude::*;

#[constant]
pub const CONFIG_SEED: &[u8] = b"config";
#[constant]
pub const PARTICIPANT_SEED: &[u8] = b"part";
#[constant]
pub const STAKE_VAULT_SEED: &[u8] = b"stake";
#[constant]
pub const STAKE_AUTHORITY_SEED: &[u8] = b"stake_auth";
#[constant]
pub const NODE_SEED: &[u8] = b"node";
#[constant]
pub const BEACON_REGISTRY_SEED: &[u8] = b"breg";
#[constant]
pub const BEACON_PAGE_SEED: &[u8] = b"bpage";
#[constant]
pub const BEACON_SEED: &[u8] = b"beacon";
#[constant]
pub const POOL_SEED: &[u8] = b"pool";
#[constant]
pub const OPERATOR_TERMS_SEED: &[u8] = b"terms";
#[constant]
pub const NODE_CONSENT_SEED: &[u8] = b"consent";
#[constant]
pub const LICENCE_SEED: &[u8] = b"licence";
/// Seed of the address with which a program of the marketplace signs its calls into another.
#[constant]
pub const AUTHORITY_SEED: &[u8] = b"authority";

/// The only programs that may reserve capacity and lock stake (market) or commit deliveries (settlement). They depend on
/// this crate, so their ids are stated here; tests of both crates pin them to their `declare_id!`.
pub const MARKET_PROGRAM_ID: Pubkey = pubkey!("4aH5Rft9JdEHmdQAGr6gYWCd2sDdax8ez8n5vo2a2LGX");
pub const SETTLEMENT_PROGRAM_ID: Pubkey = pubkey!("4BMpA2T2x8UfGkNqp1oYqpzStPRManeaqAxQdCByZ1i2");

/// Layout version written into each account; an unknown version is refused.
pub const ACCOUNT_VERSION: u8 = 1;
/// Bytes kept free in each account, so that a later field needs no reallocation.
pub const RESERVED_BYTES: usize = 64;

/// `Config` has used 48 of the bytes that its first layout reserved.
pub const CONFIG_RESERVED_BYTES: usize = RESERVED_BYTES - 48;

pub const MAX_MINTS: usize = 4;
pub const MAX_EPOCH_LENGTHS: usize = 4;
pub const MAX_UNBONDING: usize = 4;
pub const MAX_ENDPOINTS: usize = 2;

pub const BEACONS_PER_PAGE: usize = 256;
/// As many as a contract has splits, so that every pool fits into one.
pub const MAX_POOL_MEMBERS: usize = 8;

/// A panel measures in these directions only where the node has opted in.
pub const BANDWIDTH_PROOF_EGRESS: u8 = 1;
pub const BANDWIDTH_PROOF_INGRESS: u8 = 1 << 1;
pub const BANDWIDTH_PROOF_MULTICAST: u8 = 1 << 2;
pub const BANDWIDTH_PROOF_ALL: u8 =
    BANDWIDTH_PROOF_EGRESS | BANDWIDTH_PROOF_INGRESS | BANDWIDTH_PROOF_MULTICAST;

/// Base units: what an auditor has to lose before its word counts (docs/decisions/0031).
pub const MIN_AUDITOR_STAKE: u64 = 1_000_000_000;
/// Base units: the price of one more voice in the panels (docs/decisions/0032).
pub const MIN_BEACON_BOND: u64 = 10_000_000;
/// Access lines change hands: a prefix tag has to be seen again within this time.
pub const PREFIX_TAG_SECS: i64 = 30 * 86_400;

pub const BASIS_POINTS: u16 = 10_000;
/// Hard cap on the protocol fee; no parameter can lift it.
pub const MAX_FEE_BASIS_POINTS: u16 = 500;

/// A stolen hot key must die by itself (security 4.6).
pub const MAX_HOT_KEY_SECS: i64 = 30 * 86_400;

/// Slashes within it count together.
pub const SLASH_WINDOW_SECS: i64 = 30 * 86_400;

/// 100 Tbit/s: more than any one site carries, and small enough that rate x epoch stays in u64.
pub const MAX_KILOBITS_PER_SECOND: u64 = 100_000_000_000;

pub const HOT_SCOPE_COMMIT: u16 = 1;
pub const HOT_SCOPE_COSIGN: u16 = 1 << 1;
pub const HOT_SCOPE_PROVE: u16 = 1 << 2;
pub const HOT_SCOPE_CHALLENGE: u16 = 1 << 3;
pub const HOT_SCOPE_ALL: u16 =
    HOT_SCOPE_COMMIT | HOT_SCOPE_COSIGN | HOT_SCOPE_PROVE | HOT_SCOPE_CHALLENGE;

/// Canonical addresses of `["authority"]` of those programs, and their bumps: only the program itself
/// can sign with its own, so the signature proves the caller.
pub const MARKET_AUTHORITY_AND_BUMP: (Pubkey, u8) = derive_authority(&MARKET_PROGRAM_ID);
pub const SETTLEMENT_AUTHORITY_AND_BUMP: (Pubkey, u8) = derive_authority(&SETTLEMENT_PROGRAM_ID);

const fn derive_authority(program_id: &Pubkey) -> (Pubkey, u8) {
    let (address, bump) =
        anchor_lang::derive_program_address(&[AUTHORITY_SEED], &program_id.to_bytes());
    (Pubkey::new_from_array(address), bump)
}

/// What a pause may stop; nothing else has a bit, so that no pause reaches registration, claims,
/// exits, withdrawals or the commitments and settlements of running contracts.
pub const PAUSE_NEW_CONTRACTS: u16 = 1;
pub const PAUSE_AUCTION: u16 = 1 << 1;
pub const PAUSE_BANDWIDTH_PROOF: u16 = 1 << 2;
pub const PAUSE_ALL: u16 = PAUSE_NEW_CONTRACTS | PAUSE_AUCTION | PAUSE_BANDWIDTH_PROOF;
pub const MAX_PAUSE_SECS: i64 = 7 * 86_400;

/// From the queueing of new parameters or authorities until they may be applied (security 4.8).
pub const TIMELOCK_SECS: i64 = 72 * 3_600;
/// The same where `Config.development` is set (docs/decisions/0002).
pub const DEVELOPMENT_TIMELOCK_SECS: i64 = 1;
