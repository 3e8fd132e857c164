import type { IncomingMessage, ServerResponse } from 'node:http';
import { REPLICATION_PATH } from '@ocm/sdk/http';
import type { NodeConfig } from '../config.js';
import { requireMethod, sendJson } from '../http/json.js';
import type { NodeDeps } from '../node.js';
import type { HealthPort } from '../ports.js';
import type { Access } from '../roles/access.js';
import { createOrderClient } from './order-client.js';
import { Replicator } from './replicator.js';

export interface OpenReplicationInput {
    config: NodeConfig;
    deps: Pick<NodeDeps, 'topology' | 'clock' | 'log'>;
    health: Pick<HealthPort, 'isHealthy'>;
    access: Pick<Access, 'requireOperator'>;
}
interface Paths {
    handle(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean>;
}

/** Nothing where the config has no rules. */
export function openReplication({ config, deps, health, access }: OpenReplicationInput): {
    paths: Paths[];
    close(): Promise<void>;
} {
    const { replication, operatorSecret, node: self } = config;
    if (replication === undefined) return { paths: [], close: async () => undefined };
    const replicator = new Replicator({
        config: replication,
        self,
        topology: deps.topology,
        health,
        client: createOrderClient({ nodes: replication.nodes, operatorSecret }),
        nowMs: () => deps.clock.nowMs(),
        log: deps.log,
    });
    replicator.start();
    const handle: Paths['handle'] = async (request, response, pathname) => {
        if (pathname !== REPLICATION_PATH) return false;
        requireMethod(request, 'GET');
        access.requireOperator(request);
        sendJson(response, 200, replicator.status());
        return true;
    };
    return { paths: [{ handle }], close: () => replicator.close() };
}
