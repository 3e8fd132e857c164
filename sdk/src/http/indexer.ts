import { z } from 'zod';
import { address, u64String } from './primitives.js';

/** HTTP interface of an indexer: what the programs have on chain, in lists that can be filtered and paged. */
export const INDEXER_STATUS_PATH = '/v1/status';
export const INDEXER_EVENTS_PATH = '/v1/events';
/** Most items of one page. */
export const INDEXER_MAX_LIMIT = 100;

/** Base58 of a transaction's first signature. */
export const transactionSignature = z
    .string()
    .regex(/^[1-9A-HJ-NP-Za-km-z]{64,88}$/, 'must be a base58 transaction signature');

const slot = z.int().min(0);
const program = z.enum(['registry', 'market', 'settlement', 'governance']);

/** Fields of an account or event as the SDK names them: 64-bit numbers as decimal strings, addresses in base58, bytes in hexadecimal. */
export const indexedData = z.record(z.string(), z.unknown());

export const indexedAccount = z.object({
    address,
    /** Slot at which the account was read. */
    slot,
    /** Whether that slot is final; what is not may still be taken back by the cluster. */
    finalized: z.boolean(),
    data: indexedData,
    /** With `raw=true`: the account's bytes in base64, for a client that decodes them itself, and its lamports. */
    raw: z.string().optional(),
    lamports: u64String.optional(),
});
export type IndexedAccount = z.infer<typeof indexedAccount>;

export const indexedEvent = z.object({
    signature: transactionSignature,
    /** Place of the instruction in the transaction, and of the event in what the instruction did. */
    instructionIndex: z.int().min(0),
    eventIndex: z.int().min(0),
    slot,
    /** Unix seconds; null where the cluster does not know. */
    blockTime: z.int().nullable(),
    finalized: z.boolean(),
    program,
    name: z.string(),
    data: indexedData,
});
export type IndexedEvent = z.infer<typeof indexedEvent>;

const nextCursor = z.string().nullable();
export const indexedAccountPage = z.object({ items: z.array(indexedAccount), nextCursor });
export type IndexedAccountPage = z.infer<typeof indexedAccountPage>;
export const indexedEventPage = z.object({ items: z.array(indexedEvent), nextCursor });
export type IndexedEventPage = z.infer<typeof indexedEventPage>;

export const indexerStatus = z.object({
    /** Genesis hash of the cluster; null before the first answer of its RPC. */
    genesisHash: z.string().nullable(),
    /** True once everything up to `indexedSlot` is in. */
    ready: z.boolean(),
    rebuilding: z.boolean(),
    /** Everything confirmed up to this slot is in; what is up to `finalizedSlot` is final. */
    indexedSlot: slot,
    finalizedSlot: slot,
    /** How far the index is behind the newest slot that the cluster told, and how long ago the last pass was complete; null before the first. */
    lagSlots: z.int().min(0),
    lagSecs: z.int().min(0).nullable(),
    pendingTransactions: z.int().min(0),
    staleAccounts: z.int().min(0),
    /** Newest final transaction of each program that is known with everything before it. */
    programs: z.array(
        z.object({ program, address, signature: transactionSignature.nullable(), slot: slot.nullable() }),
    ),
});
export type IndexerStatus = z.infer<typeof indexerStatus>;
