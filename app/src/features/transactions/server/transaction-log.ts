import { decodeEvents } from '@ocm/sdk';
import { type Connection, PublicKey } from '@solana/web3.js';
import { mapLimited } from '../../../lib/map-limited';

/** One event with its fields as plain values, whichever program it is of. */
export interface LoggedEvent {
    readonly name: string;
    readonly data: Readonly<Record<string, unknown>>;
}

export interface LoggedTransaction {
    readonly signature: string;
    readonly slot: number;
    readonly atSecs: number | null;
    readonly failed: boolean;
    readonly events: readonly LoggedEvent[];
}

/** Signatures asked for per address and pass; older history belongs to an indexer. */
const SIGNATURES_PER_ADDRESS = 1_000;
/** Transactions read per pass: a first look at a busy chain fills in over several passes. */
const READS_PER_PASS = 200;
const CONCURRENT_READS = 8;
/** Oldest entries are dropped above this. */
const MAX_KEPT = 5_000;

/**
 * The transactions of the accounts in view. Confirmed transactions do not change, so each is read once; every pass asks
 * only for what is newer than the last.
 */
export class TransactionLog {
    readonly #connection: Connection;
    readonly #known = new Map<string, LoggedTransaction>();
    readonly #wanted = new Set<string>();
    readonly #newest = new Map<string, string>();

    constructor(connection: Connection) {
        this.#connection = connection;
    }

    /** @returns all known transactions, newest first. */
    async update(addresses: readonly string[]): Promise<LoggedTransaction[]> {
        await mapLimited(addresses, CONCURRENT_READS, (address) => this.#findNew(address));
        const next = [...this.#wanted].slice(0, READS_PER_PASS);
        await mapLimited(next, CONCURRENT_READS, (signature) => this.#read(signature));
        // The sort is stable: within a slot, what was found later stands first.
        const all = [...this.#known.values()].reverse().sort((a, b) => b.slot - a.slot);
        for (const dropped of all.slice(MAX_KEPT)) this.#known.delete(dropped.signature);
        return all.slice(0, MAX_KEPT);
    }

    /** Forgets everything: the chain was started anew. */
    clear(): void {
        this.#known.clear();
        this.#wanted.clear();
        this.#newest.clear();
    }

    async #findNew(address: string): Promise<void> {
        const until = this.#newest.get(address);
        const found = await this.#connection.getSignaturesForAddress(new PublicKey(address), {
            limit: SIGNATURES_PER_ADDRESS,
            ...(until ? { until } : {}),
        });
        for (const { signature } of found.toReversed()) if (!this.#known.has(signature)) this.#wanted.add(signature);
        const newest = found[0]?.signature;
        if (newest) this.#newest.set(address, newest);
    }

    async #read(signature: string): Promise<void> {
        const transaction = await this.#connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        if (!transaction) return;
        this.#wanted.delete(signature);
        this.#known.set(signature, {
            signature,
            slot: transaction.slot,
            atSecs: transaction.blockTime ?? null,
            failed: transaction.meta?.err != null,
            events: decodeEvents(transaction).map(({ name, data }) => ({ name, data: { ...data } })),
        });
    }
}
