import { every } from '@ocm/runtime';
import { RequestProblem } from '../../http/problem.js';
import type { NodeLog } from '../../ports.js';
import type { BeaconAccount } from '../../topology/beacon-account.js';
import { AddressBits, parseAddressInto } from '../address.js';
import { maskedNetwork } from '../address-text.js';
import { ContradictionBook } from '../geo/contradictions.js';
import type { BeaconAccounts } from './beacon-accounts.js';
import type { BeaconDirectory, BeaconRef } from './beacon-directory.js';

const CHECK_INTERVAL_MS = 60_000;
/** Of the config; the next ones follow in the next pass. */
const CHECKED_AT_ONCE = 20;

export interface BeaconStandingOptions {
    beacons: BeaconDirectory;
    accounts: BeaconAccounts;
    /** How many may register without an entry in the config. */
    maxRegistered: number;
    log: NodeLog;
}

/** By which key a BEACON speaks for itself, and whether it may: the operator's word first, then the chain's. */
export class BeaconStanding {
    /** What config and chain say of BEACONs that cannot both be true. */
    readonly contradictions = new ContradictionBook();
    readonly #options: BeaconStandingOptions;
    /** Of the config: why the chain says that they are none. */
    readonly #refused = new Map<string, string>();
    readonly #stop = new AbortController();
    readonly #loop: Promise<void>;
    #checked = 0;

    constructor(options: BeaconStandingOptions) {
        this.#options = options;
        const { accounts, beacons, log } = options;
        const run = (): Promise<void> => this.check();
        const how = { name: 'accounts of BEACONs', intervalMs: CHECK_INTERVAL_MS, signal: this.#stop.signal, run, log };
        this.#loop = accounts.canAsk && beacons.configured.length > 0 ? every(how) : Promise.resolve();
    }

    /**
     * @param from address of who asks
     * @throws RequestProblem 403 MKT_NODE__BEACON_UNKNOWN, _BEACON_INACTIVE; 503 _BEACON_UNREADABLE
     */
    async keyOf(beacon: string, from: string): Promise<string> {
        const { beacons, accounts, maxRegistered } = this.#options;
        const configured = beacons.findConfigured(beacon);
        const own = configured?.key ?? null;
        const mayAsk = accounts.canAsk && (configured !== undefined || maxRegistered > 0);
        // With a key of the operator's nobody has to wait for the chain, and a BEACON need not be registered there.
        const unreadable = (error: unknown): null => {
            if (own === null) throw error;
            return null;
        };
        const account = mayAsk
            ? await accounts.find(beacon, configured === undefined ? from : null).catch(unreadable)
            : null;
        if (configured !== undefined && account !== null) this.#compare(configured, account);
        if (account !== null && account.state !== 'active') {
            beacons.forget(beacon);
            throw new RequestProblem(
                403,
                'MKT_NODE__BEACON_INACTIVE',
                'Field "beacon": it has left the list on chain, or its owner is jailed there; field "state" says which.',
                { state: account.state },
            );
        }
        const key = own ?? account?.key;
        if (key !== undefined) return key;
        beacons.forget(beacon);
        throw new RequestProblem(
            403,
            'MKT_NODE__BEACON_UNKNOWN',
            'Field "beacon": no BEACON is registered at this address on chain, and this CAST has no key of it; register it.',
        );
    }

    /** Why nobody is led to a BEACON of the config; null while they may be. */
    refusalOf(node: string): string | null {
        return this.#refused.get(node) ?? null;
    }

    /** Holds the next few BEACONs of the config against their accounts: some never register a household. */
    async check(): Promise<void> {
        const { beacons, accounts } = this.#options;
        const { configured } = beacons;
        for (let looks = 0; looks < Math.min(CHECKED_AT_ONCE, configured.length); looks += 1) {
            const beacon = configured[this.#checked % configured.length] as BeaconRef;
            this.#checked += 1;
            const account = await accounts.find(beacon.node, null).catch(() => null);
            if (account !== null) this.#compare(beacon, account);
        }
    }

    async close(): Promise<void> {
        this.#stop.abort();
        await this.#loop;
    }

    #compare(beacon: BeaconRef, { key, state }: BeaconAccount): void {
        const { node } = beacon;
        if (state === 'active') this.#refused.delete(node);
        else {
            this.#refused.set(node, INACTIVE_WORDS[state]);
            this.#note(beacon, 'beacon state', [`${node} is a BEACON`, state]);
        }
        if (beacon.key !== null && beacon.key !== key) this.#note(beacon, 'beacon key', [beacon.key, key]);
    }

    #note({ node, host }: BeaconRef, kind: 'beacon key' | 'beacon state', [config, chain]: [string, string]): void {
        const bits = new AddressBits();
        const network = parseAddressInto(host, bits) ? maskedNetwork(bits) : '';
        const says = [
            { source: 'config', value: config },
            { source: 'chain', value: chain },
        ];
        if (!this.contradictions.add({ kind, network, says })) return;
        this.#options.log.warn({ beacon: node, kind, config, chain }, 'config and chain contradict each other');
    }
}

const INACTIVE_WORDS = {
    exiting: 'has left the list on chain',
    jailed: 'its owner is jailed on chain',
} as const;
