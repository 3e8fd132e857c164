import { LRUCache } from 'lru-cache';
import { RequestProblem } from '../../http/problem.js';
import type { Clock, NodeLog, TopologyPort } from '../../ports.js';
import type { BeaconAccount } from '../../topology/beacon-account.js';
import { LookupBudget } from './lookup-budget.js';

/** A BEACON that leaves is refused no later; its tokens end within their quarter of an hour. */
const FRESH_MS = 60_000;
/** While the chain cannot be read, what was known of a BEACON holds for so long. */
const KNOWN_MS = 3_600_000;
const MOST_KNOWN = 20_000;
const MOST_AT_ONCE = 16;

export interface BeaconAccountsOptions {
    topology: Pick<TopologyPort, 'findBeacon'>;
    now: Clock;
    log: NodeLog;
}
interface Known {
    account: BeaconAccount | null;
    readAtMs: number;
}

/** Accounts of BEACONs, read when one is needed and kept for a while, also that there is none. */
export class BeaconAccounts {
    /** Questions to the chain, and those of them that failed. */
    readonly counters = { lookups: 0, failures: 0 };
    readonly #options: BeaconAccountsOptions;
    readonly #known = new LRUCache<string, Known>({ max: MOST_KNOWN });
    readonly #reading = new Map<string, Promise<BeaconAccount | null>>();
    readonly #budget: LookupBudget;

    constructor(options: BeaconAccountsOptions) {
        this.#options = options;
        this.#budget = new LookupBudget(options.now);
    }

    /** Without it there is nobody to ask. */
    get canAsk(): boolean {
        return this.#options.topology.findBeacon !== undefined;
    }

    /**
     * @param from address of who asks, or null for the node itself, which is not bounded by what strangers may ask
     * @throws RequestProblem 503 MKT_NODE__BEACON_UNREADABLE
     */
    async find(address: string, from: string | null): Promise<BeaconAccount | null> {
        const known = this.#known.get(address);
        const ageMs = known === undefined ? Number.POSITIVE_INFINITY : this.#options.now() - known.readAtMs;
        if (known !== undefined && ageMs < FRESH_MS) return known.account;
        const mayAsk = this.#reading.has(address) || (this.#hasRoom() && (from === null || this.#budget.take(from)));
        const read = mayAsk ? await this.#read(address) : undefined;
        if (read !== undefined) return read;
        // That there was no account is no reason to refuse one that may stand there by now.
        if (known?.account != null && ageMs < KNOWN_MS) return known.account;
        throw new RequestProblem(
            503,
            'MKT_NODE__BEACON_UNREADABLE',
            'Field "beacon": its account cannot be read from the chain now; ask again later.',
        );
    }

    #hasRoom(): boolean {
        return this.#reading.size < MOST_AT_ONCE;
    }

    /** Undefined if the chain cannot be read. */
    async #read(address: string): Promise<BeaconAccount | null | undefined> {
        const { topology, now, log } = this.#options;
        try {
            const reading = this.#reading.get(address) ?? this.#ask(address, topology);
            const account = await reading;
            this.#known.set(address, { account, readAtMs: now() });
            return account;
        } catch (error) {
            log.debug({ beacon: address, err: error }, 'account of a BEACON not readable');
            return undefined;
        }
    }

    #ask(address: string, { findBeacon }: BeaconAccountsOptions['topology']): Promise<BeaconAccount | null> {
        this.counters.lookups += 1;
        const reading = Promise.resolve(findBeacon?.(address) ?? null);
        this.#reading.set(address, reading);
        const done = (): void => void this.#reading.delete(address);
        reading.then(done, () => {
            this.counters.failures += 1;
            done();
        });
        return reading;
    }
}
