import { urlOf } from '../../http/addresses.js';
import type { AddressBits } from '../address.js';
import { parsePrefixBits } from '../prefix-bits.js';
import { NO_VALUE } from '../table/layout.js';
import { PrefixTable } from '../table/prefix-table.js';
import { beaconIdOf } from './device-token.js';

export interface BeaconView {
    node: string;
    host: string;
    port: number;
    /** Base58 public key by which it registers its household; without it, only its address tells. */
    key?: string | undefined;
}
export interface BeaconRef {
    readonly node: string;
    readonly url: string;
    readonly key: string | null;
    readonly host: string;
    /** False: it stands in no config, and speaks for itself by its key on chain. */
    readonly isConfigured: boolean;
}

/** Addresses behind which many lines stand: of carriers (RFC 6598). */
const CARRIER_GRADE_NAT = '100.64.0.0/10';
const SHARED = 0;

/** BEACONs by address, and by what their households' tokens name: those of the config, and those that register. */
export class BeaconDirectory {
    readonly #byAddress = new PrefixTable();
    readonly #sets: BeaconRef[][] = [];
    readonly #byId = new Map<string, BeaconRef>();
    readonly #byNode = new Map<string, BeaconRef>();
    /** Without an entry in the config; who has registered last comes last. */
    readonly #registered = new Map<string, BeaconRef>();
    readonly #shared = new PrefixTable();

    /** @param sharedPrefixes further prefixes whose addresses stand for many lines each */
    constructor(beacons: readonly BeaconView[], sharedPrefixes: readonly string[]) {
        for (const beacon of beacons) this.#add(beacon);
        for (const text of [CARRIER_GRADE_NAT, ...sharedPrefixes]) {
            const prefix = parsePrefixBits(text);
            if (prefix !== null) this.#shared.set(prefix.bits, prefix.length, SHARED);
        }
        this.#byAddress.publish();
        this.#shared.publish();
    }

    /** Those whose own address this is. */
    at(bits: AddressBits): readonly BeaconRef[] {
        const id = this.#byAddress.longest(bits);
        return id === NO_VALUE ? [] : this.#sets[id]!;
    }

    /** Whether viewers of several lines come from this address, so that it does not tell whose they are. */
    isShared(bits: AddressBits): boolean {
        return this.#shared.longest(bits) === SHARED || this.at(bits).length > 1;
    }

    ofToken(beaconId: string): BeaconRef | undefined {
        return this.#byId.get(beaconId);
    }

    get configured(): readonly BeaconRef[] {
        return [...this.#byNode.values()];
    }

    findConfigured(node: string): BeaconRef | undefined {
        return this.#byNode.get(node);
    }

    get registered(): ReadonlyMap<string, BeaconRef> {
        return this.#registered;
    }

    /** Found by its household's tokens only: an address in a message is no proof of an address. */
    register({ node, host, port }: BeaconView): void {
        this.forget(node);
        const ref: BeaconRef = { node, host, url: urlOf(host, port), key: null, isConfigured: false };
        const id = beaconIdOf(node);
        if (!this.#byId.has(id)) this.#byId.set(id, ref);
        this.#registered.set(node, ref);
    }

    /** Leaves those of the config alone. */
    forget(node: string): void {
        const ref = this.#registered.get(node);
        this.#registered.delete(node);
        const id = beaconIdOf(node);
        if (ref !== undefined && this.#byId.get(id) === ref) this.#byId.delete(id);
    }

    #add({ node, host, port, key }: BeaconView): void {
        const ref: BeaconRef = { node, host, url: urlOf(host, port), key: key ?? null, isConfigured: true };
        this.#byId.set(beaconIdOf(node), ref);
        this.#byNode.set(node, ref);
        const own = parsePrefixBits(`${host}/${host.includes(':') ? 128 : 32}`);
        if (own === null) return;
        const id = this.#byAddress.get(own.bits, own.length);
        if (id !== NO_VALUE) {
            this.#sets[id]!.push(ref);
            return;
        }
        this.#byAddress.set(own.bits, own.length, this.#sets.length);
        this.#sets.push([ref]);
    }
}
