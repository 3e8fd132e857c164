import { address, base64Of, hash32, RECEIPT_BYTES, SIGNATURE_BYTES, TOKEN_BYTES } from '@ocm/sdk/http';
import { z } from 'zod';
import { formatRequest, parseRequest } from './entry-request.js';
import { logRules } from './rules.js';

/** First entry of each epoch's journal: which epoch it is, and when it closes. Later reads need no chain. */
const metaEntry = z.object({
    type: z.literal('meta'),
    contract: address.nullable(),
    epoch: z.number().int().nonnegative(),
    /** Unix milliseconds: end of the epoch plus the grace of its tokens. */
    closesAtMs: z.number().int(),
    rules: logRules.default(() => logRules.parse({})),
});
const sessionEntry = z.object({
    type: z.literal('session'),
    token: base64Of(TOKEN_BYTES),
    tokenSignature: base64Of(SIGNATURE_BYTES),
    openedAtMs: z.number().int(),
});
/** A proof that was accepted: none older than it may open the session again (replay). */
const proofEntry = z.object({ type: z.literal('proof'), session: hash32, timestampMs: z.number().int() });
const receiptEntry = z.object({
    type: z.literal('receipt'),
    receipt: base64Of(RECEIPT_BYTES),
    receiptSignature: base64Of(SIGNATURE_BYTES),
});
const requestEntry = z.object({
    type: z.literal('request'),
    /** Null: a viewer without keys. */
    session: hash32.nullable(),
    /** Unix milliseconds at which the response ended. */
    endedAtMs: z.number().int(),
    takenMs: z.number().int().nonnegative(),
    method: z.string(),
    /** URI of the object at the parent, without query. */
    uri: z.string(),
    protocol: z.string(),
    status: z.number().int(),
    totalBytes: z.number().int().nonnegative(),
    entityBytes: z.number().int().nonnegative(),
    isCached: z.boolean(),
});
/** Last entry: what comes after it, if anything, is not part of the epoch. */
const closeEntry = z.object({ type: z.literal('close') });

export const journalEntry = z.discriminatedUnion('type', [
    metaEntry,
    sessionEntry,
    proofEntry,
    receiptEntry,
    requestEntry,
    closeEntry,
]);
export type JournalEntry = z.infer<typeof journalEntry>;
export type MetaEntry = z.infer<typeof metaEntry>;
export type SessionEntry = z.infer<typeof sessionEntry>;
export type ReceiptEntry = z.infer<typeof receiptEntry>;
export type RequestEntry = z.infer<typeof requestEntry>;

const LINE_FEED = 0x0a;

export const encodeEntry = (entry: JournalEntry): string =>
    entry.type === 'request' ? formatRequest(entry) : JSON.stringify(entry);

/** One line of JSON for each. */
export const encodeEntries = (entries: readonly JournalEntry[]): string => entries.map(encodeEntry).join('\n');

export function decodeEntries(payload: Uint8Array): JournalEntry[] {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    const entries: JournalEntry[] = [];
    for (let start = 0; start <= bytes.length; ) {
        const found = bytes.indexOf(LINE_FEED, start);
        const end = found < 0 ? bytes.length : found;
        // A string of its own for each: parts of a longer one would keep all of it in memory.
        entries.push(parseRequest(bytes.toString('latin1', start, end)) ?? parseEntry(bytes.subarray(start, end)));
        start = end + 1;
    }
    return entries;
}

const parseEntry = (line: Uint8Array): JournalEntry =>
    journalEntry.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line)));

/** Media that a receipt can cover: error bodies are no delivery. */
export const isDelivery = ({ status }: RequestEntry): boolean => status === 200 || status === 206;
