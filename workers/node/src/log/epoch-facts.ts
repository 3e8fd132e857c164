import { fromBase64, toHex } from '@ocm/sdk/core';
import { Session } from '../sessions/session.js';
import { isDelivery, type JournalEntry, type RequestEntry } from './entries.js';
import type { LogRules } from './rules.js';

export interface EpochTerms {
    contract: string;
    epoch: number;
    rules: LogRules;
}
/** What an epoch's journal says, but for its records: as much as there are sessions. Same entries, same facts. */
export interface EpochFacts extends EpochTerms {
    sessions: Map<string, Session>;
    /** Token hashes of the sessions that records tell of. */
    recorded: ReadonlySet<string>;
    requestCount: number;
    /** Requests that were not answered by 5xx. */
    answeredCount: number;
    /** Entity bytes of deliveries to viewers without keys. */
    unreceiptedBytes: bigint;
}
/** A small epoch, held whole. */
export interface HeldEpoch extends EpochFacts {
    /** In order of completion; the index is the record's `seq` within the epoch. */
    requests: RequestEntry[];
}
export interface NumberedRequest {
    request: RequestEntry;
    /** Of the epoch. */
    seq: number;
}
/** Entries of a journal, a group at a time. */
export type EntryGroups = AsyncIterable<readonly JournalEntry[]>;

export function joinFacts(terms: EpochTerms, sessions: Map<string, Session>, counts: RecordCounts): EpochFacts {
    const { recorded, requestCount, answeredCount, unreceiptedBytes } = counts;
    return { ...terms, sessions, recorded, requestCount, answeredCount, unreceiptedBytes };
}

/** The first pass over an epoch: nobody knows before its end how large its groups are and which receipt is the last. */
export async function gatherFacts(terms: EpochTerms, groups: EntryGroups): Promise<EpochFacts> {
    const gatherer = new Gatherer(terms);
    for await (const group of groups) {
        for (const entry of group) gatherer.add(entry);
    }
    return gatherer.facts;
}

export function gatherEpoch(terms: EpochTerms, entries: readonly JournalEntry[]): HeldEpoch {
    const gatherer = new Gatherer(terms);
    for (const entry of entries) gatherer.add(entry);
    return { ...gatherer.facts, requests: entries.filter((entry) => entry.type === 'request') };
}

/** The second pass: requests with their numbers, a group at a time. */
export async function* numberRequests(groups: EntryGroups): AsyncGenerator<NumberedRequest[]> {
    let seq = 0;
    for await (const group of groups) {
        const numbered: NumberedRequest[] = [];
        for (const entry of group) {
            if (entry.type === 'request') numbered.push({ request: entry, seq: seq++ });
        }
        yield numbered;
    }
}

/** What is counted of records as they come. */
export class RecordCounts {
    readonly recorded = new Set<string>();
    requestCount = 0;
    answeredCount = 0;
    unreceiptedBytes = 0n;

    add(request: RequestEntry): void {
        this.requestCount += 1;
        if (request.status < 500) this.answeredCount += 1;
        if (request.session !== null) this.recorded.add(request.session);
        else if (isDelivery(request)) this.unreceiptedBytes += BigInt(request.entityBytes);
    }
}

class Gatherer {
    readonly #terms: EpochTerms;
    readonly #sessions = new Map<string, Session>();
    readonly #counts = new RecordCounts();

    constructor(terms: EpochTerms) {
        this.#terms = terms;
    }

    get facts(): EpochFacts {
        return joinFacts(this.#terms, this.#sessions, this.#counts);
    }

    add(entry: JournalEntry): void {
        if (entry.type === 'session') {
            const session = new Session(entry, this.#terms.contract);
            if (!this.#sessions.has(session.hash)) this.#sessions.set(session.hash, session);
        } else if (entry.type === 'receipt') {
            // Bytes 16 to 48 of a receipt are the hash of its token (protocol 6.4).
            this.#sessions.get(toHex(fromBase64(entry.receipt).subarray(16, 48)))?.applyReceipt(entry);
        } else if (entry.type === 'request') {
            this.#counts.add(entry);
        }
    }
}
