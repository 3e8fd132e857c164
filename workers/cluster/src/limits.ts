/**
 * Every bound of the cluster in one place. Where Agave's RPC service has the same bound its figure is taken, so that a
 * client that fits here also fits there.
 */

/** Largest HTTP body. Agave takes 50 KiB; ours is larger because cheat methods carry whole account contents. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** Largest JSON-RPC batch: a page of `getSignaturesForAddress` (1,000) followed by one `getTransaction` each. */
export const MAX_BATCH_LENGTH = 1_000;
/** Largest reply of one batch; what does not fit is answered by an error, so that a batch cannot exhaust memory. */
export const MAX_BATCH_REPLY_CHARS = 128 * 1024 * 1024;
/** Open HTTP connections; a deployment sends its chunks over a thousand at once. */
export const MAX_HTTP_CONNECTIONS = 4_096;
/** A client that sends headers or a body slower than this is cut off (slow-loris). */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of common HTTP agents, so that the client and not the server closes first. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** A packet of the Solana wire protocol: 1,280 (IPv6 minimum MTU) − 48 header bytes. */
export const MAX_TRANSACTION_BYTES = 1_232;
export const MAX_TRANSACTION_BASE58_CHARS = 1_683;
export const MAX_TRANSACTION_BASE64_CHARS = 1_644;
/** Slots for which a blockhash may be used (Agave MAX_PROCESSING_AGE). */
export const BLOCKHASH_WINDOW_SLOTS = 150;
/** Entries of the SlotHashes sysvar (Agave MAX_ENTRIES). */
export const SLOT_HASHES_LENGTH = 512;
/** Slots whose block times are remembered although no transaction landed in them. */
export const SLOT_TIMES_LENGTH = 4_096;

export const MAX_MULTIPLE_ACCOUNTS = 100;
export const MAX_SIGNATURE_STATUSES = 256;
export const MAX_SIGNATURES_PAGE = 1_000;
export const MAX_PROGRAM_FILTERS = 4;
/** Decoded bytes of one memcmp filter. */
export const MAX_MEMCMP_BYTES = 128;
export const MAX_BASE58_ACCOUNT_BYTES = 128;
export const MAX_ACCOUNT_BYTES = 10 * 1024 * 1024;
export const MAX_PRIORITIZATION_ADDRESSES = 128;
export const MAX_BLOCK_RANGE_SLOTS = 500_000;
/** Programs whose account lists are kept ready for `getProgramAccounts`. */
export const MAX_INDEXED_PROGRAMS = 64;

/** Transactions kept for `getTransaction`; older ones are forgotten. */
export const DEFAULT_HISTORY_TRANSACTIONS = 50_000;

/** A journal of more changes is folded into a snapshot: it keeps a restart below some two seconds. */
export const DEFAULT_JOURNAL_CHANGES = 5_000;

export const MAX_WEBSOCKET_CONNECTIONS = 256;
export const MAX_WEBSOCKET_MESSAGE_BYTES = 64 * 1024;
export const MAX_SUBSCRIPTIONS_PER_CONNECTION = 1_000;
export const MAX_SUBSCRIPTIONS = 10_000;
/** A subscriber that lets more than this pile up is disconnected: it would hold the whole process in memory. */
export const MAX_WEBSOCKET_BACKLOG_BYTES = 16 * 1024 * 1024;
export const WEBSOCKET_PING_INTERVAL_MS = 30_000;

export const LAMPORTS_PER_SOL = 1_000_000_000n;
export const FAUCET_LAMPORTS = 500_000_000n * LAMPORTS_PER_SOL;
export const MAX_AIRDROP_LAMPORTS = 1_000_000n * LAMPORTS_PER_SOL;

/** First slot of a new cluster: late enough that the SlotHashes sysvar is full from the start. */
export const GENESIS_SLOT = 1_000n;
export const DEFAULT_SLOT_DURATION_MS = 400;
export const SLOTS_PER_EPOCH = 432_000n;
