import type { buildConnector } from 'undici';
import { DEFAULT_LIMITS } from '../cache/upstream.js';
import type { NodeConfig } from '../config.js';
import { readNetworks } from '../http/addresses.js';
import { createGuardedConnector } from '../http/guarded-connect.js';
import type { NodeDeps } from '../node.js';

/** Connections to the parent, at addresses that the operator or a development cluster allows. */
export function parentConnector(config: NodeConfig, { topology, limits }: NodeDeps): buildConnector.connector {
    return createGuardedConnector({
        timeoutMs: limits?.upstream?.connectTimeoutMs ?? DEFAULT_LIMITS.connectTimeoutMs,
        // Before the chain was read nobody knows what cluster this is.
        allowsPrivate: () => topology.current()?.isDevelopment ?? false,
        allowed: readNetworks(config.parentPrefixes),
    });
}
