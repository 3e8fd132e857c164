import type { Answer } from 'dns-packet';
import type { DnsConfig } from './dns-config.js';

const REFRESH_SECS = 3_600;
const RETRY_SECS = 600;
const EXPIRE_SECS = 86_400;

/** Where the viewer behind an address goes. */
export type DnsTarget = { kind: 'node'; addresses: readonly string[] } | { kind: 'alias'; name: string };

/** The records of a zone that never change, and the names that are routed. */
export class Zone {
    readonly name: string;
    readonly ttlSecs: number;
    readonly #names: ReadonlySet<string>;
    readonly #config: DnsConfig;

    constructor(config: DnsConfig) {
        this.name = config.zone;
        this.ttlSecs = config.ttlSecs;
        this.#names = new Set(config.names);
        this.#config = config;
    }

    contains(name: string): boolean {
        return name === this.name || name.endsWith(`.${this.name}`);
    }

    isRouted(name: string): boolean {
        return this.#names.has(name);
    }

    /** A name that exists only because names below it do (RFC 8020): it has no records, but it is no unknown name. */
    isKnown(name: string): boolean {
        return (
            name === this.name ||
            this.#names.has(name) ||
            this.#config.names.some((known) => known.endsWith(`.${name}`))
        );
    }

    /** Also says how long "there is no such record" holds (RFC 2308). */
    soa(): Answer {
        const [mname = this.name] = this.#config.nameServers;
        return {
            type: 'SOA',
            name: this.name,
            ttl: this.ttlSecs,
            data: {
                mname,
                rname: this.#config.hostmaster,
                serial: 1,
                refresh: REFRESH_SECS,
                retry: RETRY_SECS,
                expire: EXPIRE_SECS,
                minimum: this.ttlSecs,
            },
        };
    }

    nameServers(): Answer[] {
        return this.#config.nameServers.map((data) => ({ type: 'NS', name: this.name, ttl: EXPIRE_SECS, data }));
    }
}
