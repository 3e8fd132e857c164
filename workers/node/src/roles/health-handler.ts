import type { IncomingMessage, ServerResponse } from 'node:http';
import { address, HEALTH_PATH, MAINTENANCE_PATH, OBSERVATIONS_PATH } from '@ocm/sdk/http';
import { z } from 'zod';
import { MAX_MAINTENANCE_MS, type Maintenance } from '../health/maintenance.js';
import type { ObservationLog } from '../health/observations.js';
import type { SelfReport } from '../health/self-report.js';
import { readJson, requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { Clock } from '../ports.js';
import type { Access } from './access.js';

const MOST_OBSERVATIONS = 500;
const NONCE = /^[0-9a-f]{32}$/;

export interface HealthHandlerOptions {
    access: Access;
    now: Clock;
    self: SelfReport;
    /** CAST only. */
    watch: { observations: ObservationLog; maintenance: Maintenance } | null;
}
const order = z.object({
    node: address,
    /** Unix milliseconds; 0 or any past moment ends the maintenance. */
    untilMs: z.number().int().nonnegative(),
});

/** How this node is, what it saw of others, and whom its operator took out of service. */
export class HealthHandler {
    readonly #options: HealthHandlerOptions;

    constructor(options: HealthHandlerOptions) {
        this.#options = options;
    }

    async handle(
        request: IncomingMessage,
        response: ServerResponse,
        pathname: string,
        query: URLSearchParams,
    ): Promise<boolean> {
        const { self, watch } = this.#options;
        if (pathname === HEALTH_PATH) {
            requireMethod(request, 'GET');
            sendJson(response, 200, self.answer(nonceOf(query)));
            return true;
        }
        if (watch === null) return false;
        if (pathname === OBSERVATIONS_PATH) {
            requireMethod(request, 'GET');
            const peer = query.get('peer');
            sendJson(response, 200, { observations: watch.observations.list(peer, MOST_OBSERVATIONS) });
            return true;
        }
        if (pathname !== MAINTENANCE_PATH) return false;
        this.#options.access.requireOperator(request);
        if (request.method === 'POST') await this.#order(request, watch.maintenance);
        else requireMethod(request, 'GET');
        sendJson(response, 200, { nodes: watch.maintenance.list() });
        return true;
    }

    async #order(request: IncomingMessage, maintenance: Maintenance): Promise<void> {
        const { node, untilMs } = await readJson(request, order);
        if (untilMs > this.#options.now() + MAX_MAINTENANCE_MS) {
            throw new RequestProblem(
                400,
                'MKT_NODE__MAINTENANCE_TOO_LONG',
                'Field "untilMs" lies more than 30 days ahead; for longer, set the node inactive on chain.',
            );
        }
        await maintenance.set(node, untilMs);
    }
}

function nonceOf(query: URLSearchParams): string {
    const nonce = query.get('nonce') ?? '';
    if (NONCE.test(nonce)) return nonce;
    throw new RequestProblem(400, 'MKT_NODE__NONCE_INVALID', 'Field "nonce" must be 32 lower-case hexadecimal digits.');
}
