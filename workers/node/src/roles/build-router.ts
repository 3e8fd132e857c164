import type { HealthPort } from '../ports.js';
import { Router } from '../routing/router.js';
import type { FacesInput } from './face-parts.js';

type RouterInput = Pick<FacesInput, 'config' | 'deps'>;

/** @throws MKT_NODE__GEO_FILE_INVALID */
export function buildRouter({ config, deps }: RouterInput, health: HealthPort): Router {
    const { node, asnPrefixes, beacons, operatorSecret, routing, traditionalUrl = '' } = config;
    return new Router({
        node,
        topology: deps.topology,
        health,
        now: () => deps.clock.nowMs(),
        log: deps.log,
        traditionalUrl: traditionalUrl.replace(/\/+$/, ''),
        asnPrefixes,
        beacons,
        operatorSecret,
        ...routing,
    });
}
