import { createHmac } from 'node:crypto';
import { encodeLogValues, formatLogTimestamp, type LogRecord } from '@ocm/sdk/core';
import type { RequestEntry } from './entries.js';

/**
 * Fields of our RFC 7937 records, in the order of the `fields` directive. No address of a client or surrogate is among
 * them, and no query (security.md 3.2, P4): what is not written cannot leak.
 */
export const RECORD_FIELDS = [
    'date',
    'time',
    'time-taken',
    'c-groupid',
    'cs-method',
    'u-uri',
    'protocol',
    'sc-status',
    'sc-total-bytes',
    'sc-entity-bytes',
    's-ccid',
    's-sid',
    's-cached',
] as const;

/** Group of viewers without keys; the field may not be missing (RFC 7937 3.4.1). */
const UNKEYED_GROUP = 'unkeyed';

/** Pseudonym of a session within one epoch: unlinkable to its token once the epoch's key is erased, and never an address. */
export function sessionPseudonym(epochKey: Uint8Array, session: string): string {
    const keyed = createHmac('sha256', epochKey).update('OCM/sid/v1').update(Buffer.from(session, 'hex'));
    return keyed.digest('hex').slice(0, 16);
}

/** Collection of an object: the folder of its path, which is one rendition or title of a stream. */
function collectionOf(uri: string): string {
    const path = new URL(uri).pathname;
    return path.slice(0, path.lastIndexOf('/') + 1);
}

export interface RecordContext {
    epochKey: Uint8Array;
    /** `client_group` of the session's token; undefined for viewers without keys. */
    clientGroup: number | undefined;
}

export function toLogRecord(entry: RequestEntry, { epochKey, clientGroup }: RecordContext): LogRecord {
    return {
        ...formatLogTimestamp(entry.endedAtMs),
        'time-taken': (entry.takenMs / 1000).toFixed(3),
        'c-groupid': clientGroup === undefined ? UNKEYED_GROUP : String(clientGroup),
        'cs-method': entry.method,
        'u-uri': entry.uri,
        protocol: entry.protocol,
        'sc-status': String(entry.status),
        'sc-total-bytes': String(entry.totalBytes),
        'sc-entity-bytes': String(entry.entityBytes),
        's-ccid': collectionOf(entry.uri),
        's-sid': entry.session === null ? undefined : sessionPseudonym(epochKey, entry.session),
        's-cached': entry.isCached ? '1' : '0',
    };
}

/** Values in the order of {@link RECORD_FIELDS}, exactly as the file holds them and the commitments cover them. */
export const recordValues = (entry: RequestEntry, context: RecordContext): string[] =>
    encodeLogValues(RECORD_FIELDS, toLogRecord(entry, context));
