import type { NodeConfig } from '../config.js';
import { type DnsCounters, type DnsServer, startDnsServer } from '../dns/dns-server.js';
import type { DnsTarget } from '../dns/zone.js';
import type { NodeLog, TopologyPort } from '../ports.js';
import type { RedirectionInput, RedirectionTarget } from '../redirection/answer.js';
import { RedirectionHandler } from '../redirection/redirection-handler.js';
import type { Router } from '../routing/router.js';
import type { Asker } from '../routing/router-options.js';

export interface OtherAskersInput {
    config: NodeConfig;
    topology: TopologyPort;
    router: Router;
    log: NodeLog;
}

/** Those who ask for viewers: resolvers by DNS, upstream CDNs by RFC 7975. Both are answered by the same decision. */
export class OtherAskers {
    readonly #input: OtherAskersInput;
    #dns: DnsServer | null = null;

    constructor(input: OtherAskersInput) {
        this.#input = input;
    }

    /** Control paths for upstream CDNs, if any are configured. */
    paths(): RedirectionHandler[] {
        const { redirection } = this.#input.config;
        if (redirection === undefined) return [];
        const route: RedirectionInput['route'] = (address, asker, path) => this.#route(address, asker, path);
        return [new RedirectionHandler({ config: redirection, route })];
    }

    /** Opens the DNS server, if there is to be one. */
    async open(): Promise<void> {
        const { config, log } = this.#input;
        if (config.dns === undefined) return;
        const alias = new URL(config.traditionalUrl ?? config.parentUrl).hostname;
        const route = (address: string, isExact: boolean): DnsTarget => {
            const target = this.#route(address, { isExact }, '/');
            return target === null ? { kind: 'alias', name: alias } : { kind: 'node', addresses: target.addresses };
        };
        this.#dns = await startDnsServer({ config: config.dns, route, log });
        log.info({ zone: config.dns.zone, port: this.#dns.port }, 'DNS serves');
    }

    /** Null where no DNS is served. */
    get dnsCounters(): Readonly<DnsCounters> | null {
        return this.#dns?.counters ?? null;
    }

    get dnsPort(): number | null {
        return this.#dns?.port ?? null;
    }

    async close(): Promise<void> {
        await this.#dns?.close();
    }

    #route(address: string, asker: Asker, path: string): RedirectionTarget | null {
        const { decision, node, location } = this.#input.router.route(address, path, asker);
        if (decision === 'traditional' || node === null) return null;
        const { topology, config } = this.#input;
        const endpoints = topology.current()?.nodes.find((one) => one.address === node)?.endpoints ?? [];
        const beacon = config.beacons.find((one) => one.node === node);
        const addresses = beacon === undefined ? endpoints.map(({ ip }) => ip) : [beacon.host];
        return { location, addresses };
    }
}
