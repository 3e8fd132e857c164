import { Session } from '../sessions/session.js';
import { isDelivery, type JournalEntry, type MetaEntry, type RequestEntry } from './entries.js';

export interface EpochTotals {
    requests: number;
    /** Entity bytes of all responses. */
    servedBytes: bigint;
    /** Of these, deliveries to viewers without keys. */
    unreceiptedBytes: bigint;
}

/** What follows from the entries of an epoch's journal so far; its size is that of the epoch's sessions. */
export class EpochState {
    readonly meta: MetaEntry;
    readonly sessions = new Map<string, Session>();
    readonly totals: EpochTotals = { requests: 0, servedBytes: 0n, unreceiptedBytes: 0n };
    isClosed = false;

    constructor(meta: MetaEntry) {
        this.meta = meta;
    }

    apply(entry: JournalEntry): void {
        switch (entry.type) {
            case 'session': {
                const session = new Session(entry, this.meta.contract ?? '');
                if (!this.sessions.has(session.hash)) this.sessions.set(session.hash, session);
                break;
            }
            case 'proof': {
                const session = this.sessions.get(entry.session);
                if (session !== undefined) session.lastProofMs = Math.max(session.lastProofMs, entry.timestampMs);
                break;
            }
            case 'receipt':
                this.#sessionOf(entry.receipt)?.applyReceipt(entry);
                break;
            case 'request':
                this.#count(entry);
                break;
            case 'close':
                this.isClosed = true;
                break;
            case 'meta':
                break;
        }
    }

    /** Applies an entry from disk; what follows the end of the epoch is not part of it. */
    replay(entry: JournalEntry): void {
        if (this.isClosed) return;
        this.apply(entry);
        if (entry.type === 'request' && entry.session !== null && isDelivery(entry)) {
            this.sessions.get(entry.session)?.hand(entry.entityBytes);
        }
    }

    #count(entry: RequestEntry): void {
        this.totals.requests += 1;
        this.totals.servedBytes += BigInt(entry.entityBytes);
        if (entry.session === null && isDelivery(entry)) this.totals.unreceiptedBytes += BigInt(entry.entityBytes);
    }

    #sessionOf(receipt: string): Session | undefined {
        // Bytes 16 to 48 of a receipt are the hash of its token (protocol 6.4).
        return this.sessions.get(Buffer.from(receipt, 'base64').subarray(16, 48).toString('hex'));
    }
}
