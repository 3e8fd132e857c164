import { hmacSha256, type LogFieldName, utf8 } from '@ocm/sdk/core';
import type { LogRules, Transform } from './rules.js';
import type { EncryptionKeys } from './transforms.js';

/**
 * Fields of our RFC 7937 records, in the order of the RFC. No address of a client is among them, and no query
 * (security.md 3.2, P4): what is not written cannot leak. The node's own names are there if its operator gives them.
 */
export function listRecordFields({ surrogate }: Pick<LogRules, 'surrogate'>): LogFieldName[] {
    return [
        'date',
        'time',
        'time-taken',
        'c-groupid',
        ...(surrogate.address === undefined ? [] : (['s-ip'] as const)),
        ...(surrogate.hostname === undefined ? [] : (['s-hostname'] as const)),
        ...(surrogate.port === undefined ? [] : (['s-port'] as const)),
        'cs-method',
        'u-uri',
        'protocol',
        'sc-status',
        'sc-total-bytes',
        'sc-entity-bytes',
        's-ccid',
        's-sid',
        's-cached',
    ];
}

const SESSION_DOMAIN = utf8('OCM/sid/v1');

/** Pseudonym of a session within one epoch: unlinkable to its token once the epoch's key is erased, and never an address. */
export function sessionPseudonym(epochKey: Uint8Array, session: string): string {
    const keyed = hmacSha256(epochKey, SESSION_DOMAIN, Buffer.from(session, 'hex'));
    return Buffer.from(keyed.subarray(0, 8)).toString('hex');
}

export interface Place {
    origin: string;
    collection: string;
}
/** A last segment that says nothing about the folders before it, whatever a URL parser makes of it. */
const PLAIN_NAME = /[A-Za-z0-9_-][A-Za-z0-9._-]*$/y;
const MAX_PLACES = 1_000;

/** Origin and collection of URIs. Parsing one takes as long as hashing a record, and the objects of a stream share theirs. */
export class Places {
    readonly #segments: number;
    readonly #known = new Map<string, Place>();
    #last: { folder: string; place: Place } = { folder: '', place: { origin: '', collection: '' } };

    constructor({ collectionSegments }: Pick<LogRules, 'collectionSegments'>) {
        this.#segments = collectionSegments;
    }

    of(uri: string): Place {
        const end = uri.lastIndexOf('/') + 1;
        PLAIN_NAME.lastIndex = end;
        const isNamed = end > uri.indexOf('//') + 2 && PLAIN_NAME.test(uri);
        if (!isNamed) return this.#parse(uri);
        if (end === this.#last.folder.length && uri.startsWith(this.#last.folder)) return this.#last.place;
        const folder = uri.slice(0, end);
        const place = this.#known.get(folder) ?? this.#remember(folder, this.#parse(uri));
        this.#last = { folder, place };
        return place;
    }

    #remember(folder: string, place: Place): Place {
        if (this.#known.size >= MAX_PLACES) this.#known.clear();
        this.#known.set(folder, place);
        return place;
    }

    #parse(uri: string): Place {
        const { origin, pathname } = new URL(uri);
        return { origin, collection: collectionOf(pathname, this.#segments) };
    }
}

/** The first folders of a path, with a slash at either end. */
function collectionOf(path: string, segments: number): string {
    const folders = path.split('/').slice(1, -1).slice(0, segments);
    return ['', ...folders, ''].join('/');
}

/** What all records of an epoch share. */
export interface RecordContext {
    rules: LogRules;
    /** {@link listRecordFields} of the rules. */
    fields: readonly LogFieldName[];
    /** Those of the rules, by field. */
    transforms: readonly [field: string, transforms: readonly Transform[]][];
    epochKey: Uint8Array;
    keys: EncryptionKeys;
    /** `c-groupid` by session, from `nameGroups`. */
    groups: ReadonlyMap<string, string>;
    places: Places;
}
