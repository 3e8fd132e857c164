import { errorCodeOf, every } from '@ocm/runtime';
import type { StoredObject } from '../cache/storage/object-storage.js';
import type { NodeStorage } from '../cache/storage/open-storage.js';
import type { Clock, NodeLog, ProtocolClock, TopologyPort } from '../ports.js';
import { lastUseMs, servingContracts, type TopologyView } from '../topology/view.js';
import { ClosedContracts } from './closed-contracts.js';
import { type ContractEnd, endOf } from './contract-end.js';

const PASS_INTERVAL_MS = 1_000;
/** No host has a space in its name. */
const CONTRACT_GROUP = 'contract ';

export interface ContentKeysOptions {
    storage: Pick<NodeStorage, 'groups' | 'closeGroup' | 'eraseGroup'>;
    topology: TopologyPort;
    clock: ProtocolClock;
    now: Clock;
    log: NodeLog;
    /** Base58 address of this node. */
    node: string;
}

/** The group whose secret encrypts an object: its contract, or the authority of what was stored while none was in force. */
export const groupOfObject = ({ key, meta }: Pick<StoredObject, 'key' | 'meta'>): string =>
    typeof meta.contract === 'string'
        ? `${CONTRACT_GROUP}${meta.contract}`
        : key.slice(0, Math.max(0, key.indexOf('/')));

/**
 * One secret a contract: chooses under which an object is stored, and erases it when the contract has ended for certain, so
 * that nobody can read what was stored under it, from a copy of the disk either. A chain that cannot be read, or a view in
 * which a contract is missing, is no end.
 */
export class ContentKeys {
    /** Contracts whose content was erased, and tries that failed, since the start. */
    readonly counters = { erased: 0, failures: 0 };
    readonly #options: ContentKeysOptions;
    readonly #closed: ClosedContracts;
    /** Code of the last failure by contract: told once. */
    readonly #failing = new Map<string, string>();

    constructor(options: ContentKeysOptions) {
        this.#options = options;
        this.#closed = new ClosedContracts(options);
    }

    /** Contracts with content here. */
    get held(): number {
        return this.#contracts().length;
    }

    /**
     * The contract of the session that asked. Without a session the one in force that ends first: of several contracts'
     * content some is gone too early rather than any too late. Null while none is in force.
     */
    contractOf(asked: string | undefined): string | null {
        if (asked !== undefined) return asked;
        const { topology, clock, node } = this.#options;
        const serving = servingContracts(topology.current(), node, clock.nowMs());
        return serving.sort((a, b) => lastUseMs(a, 0) - lastUseMs(b, 0))[0]?.address ?? null;
    }

    /** Erases the content of contracts that have ended, as far as that is known without asking the chain. */
    async eraseEnded(): Promise<void> {
        const view = this.#options.topology.current();
        if (view === null) return;
        for (const address of this.#contracts()) {
            const contract = view.contracts.find((one) => one.address === address);
            const end = contract === undefined ? null : endOf(contract, this.#moment(view));
            if (end !== null) await this.#erase(address, end);
        }
    }

    /** Asks for contracts that the view does not name: they may have been closed while this node was down. */
    async eraseClosed(): Promise<void> {
        const view = this.#options.topology.current();
        if (view === null) return;
        const missing = this.#contracts().filter((held) => !view.contracts.some(({ address }) => address === held));
        const ended = await this.#closed.find(missing, (contract) => endOf(contract, this.#moment(view)));
        for (const [address, end] of ended) await this.#erase(address, end);
    }

    /** Looks again and again; returns what stops it. */
    start(): () => Promise<void> {
        const stop = new AbortController();
        const run = async (): Promise<void> => {
            await this.eraseEnded();
            await this.eraseClosed();
        };
        const { log } = this.#options;
        const loop = every({ name: 'erase content keys', intervalMs: PASS_INTERVAL_MS, run, log, signal: stop.signal });
        return async () => {
            stop.abort();
            await loop;
        };
    }

    /** What was stored before a contract was known, or after all had ended, may be its content as well, and goes with it. */
    async #erase(contract: string, end: ContractEnd): Promise<void> {
        const { storage, log } = this.#options;
        const group = `${CONTRACT_GROUP}${contract}`;
        const startedAtMs = performance.now();
        storage.closeGroup(group);
        try {
            let objects = 0;
            for (const other of storage.groups()) {
                if (!other.startsWith(CONTRACT_GROUP)) objects += await storage.eraseGroup(other);
            }
            // Last: until it succeeds, the contract is found again.
            objects += await storage.eraseGroup(group);
            this.counters.erased += 1;
            this.#failing.delete(contract);
            const durationMs = Math.round(performance.now() - startedAtMs);
            log.info({ contract, end, objects, durationMs }, 'content of an ended contract erased with its key');
        } catch (error) {
            this.counters.failures += 1;
            const code = errorCodeOf(error);
            const level = this.#failing.get(contract) === code ? 'debug' : 'error';
            this.#failing.set(contract, code);
            log[level]({ contract, end, code, err: error }, 'content of an ended contract not erased, trying again');
        }
    }

    #contracts(): string[] {
        const groups = [...this.#options.storage.groups()].filter((group) => group.startsWith(CONTRACT_GROUP));
        return groups.map((group) => group.slice(CONTRACT_GROUP.length));
    }

    /** The cluster's time is known once it was read in this life, and near to this machine's. */
    #moment({ params }: TopologyView): Parameters<typeof endOf>[1] {
        const { clock } = this.#options;
        const { readAtMs, isTrusted } = clock.state();
        const protocolMs = readAtMs !== null && isTrusted ? clock.nowMs() : null;
        return { protocolMs, tokenGraceSecs: params.tokenGraceSecs };
    }
}
