import type { HealthPort } from '../ports.js';
import { Router } from '../routing/router.js';
import { HealthMonitor, type Peer } from '../topology/health.js';
import type { FacesInput } from './faces.js';

type RouterInput = Pick<FacesInput, 'config' | 'deps'>;

/** @throws MKT_NODE__GEO_FILE_INVALID */
export function buildRouter({ config, deps }: RouterInput, health: HealthPort): Router {
    const { node, asnPrefixes, beacons, operatorSecret, routing, traditionalUrl = '' } = config;
    return new Router({
        node,
        topology: deps.topology,
        health,
        now: deps.now,
        log: deps.log,
        traditionalUrl: traditionalUrl.replace(/\/+$/, ''),
        asnPrefixes,
        beacons,
        operatorSecret,
        ...routing,
    });
}

export function watchRelays({ config, deps }: RouterInput): HealthPort {
    const { topology, log } = deps;
    const peers = (): Peer[] => {
        const view = topology.current();
        const self = view?.nodes.find(({ address }) => address === config.node);
        const relays = (view?.nodes ?? [])
            .filter(
                ({ role, participant, isActive }) => role === 'relay' && isActive && participant === self?.participant,
            )
            .flatMap(({ address, endpoints: [first] }) =>
                first === undefined ? [] : [{ node: address, host: first.ip, port: first.port }],
            );
        return [...relays, ...config.beacons];
    };
    const allowsPrivate = (): boolean => topology.current()?.isDevelopment ?? false;
    return new HealthMonitor({ peers, allowsPrivate, intervalMs: config.healthIntervalMs, timeoutMs: 1_000, log });
}
