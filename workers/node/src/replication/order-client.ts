import { fetchJson } from '@ocm/runtime';
import { CACHE_JOBS_PATH, type CacheJob, cacheJob, PREPOSITION_PATH, type PrepositionRequest } from '@ocm/sdk/http';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export type OrderState = 'running' | 'done' | 'failed';

/** Gives orders to nodes of the same operator. @throws what `fetchJson` throws */
export interface OrderClient {
    /** @returns the job's id */
    order(node: string, request: PrepositionRequest, signal: AbortSignal): Promise<string>;
    /** A node that knows the job no more refuses, and is ordered again. */
    stateOf(node: string, job: string, signal: AbortSignal): Promise<OrderState>;
}

export interface OrderClientOptions {
    nodes: readonly { node: string; url: string }[];
    operatorSecret: string;
}

export function createOrderClient({ nodes, operatorSecret }: OrderClientOptions): OrderClient {
    const urls = new Map(nodes.map(({ node, url }) => [node, url.replace(/\/+$/, '')]));
    const ask = (node: string, path: string, signal: AbortSignal, body?: PrepositionRequest): Promise<CacheJob> =>
        fetchJson({
            url: `${urls.get(node) ?? ''}${path}`,
            schema: cacheJob,
            headers: { authorization: `Bearer ${operatorSecret}` },
            timeoutMs: TIMEOUT_MS,
            maxBytes: MAX_ANSWER_BYTES,
            signal,
            ...(body === undefined ? {} : { body }),
        });
    return {
        order: async (node, wanted, signal) => (await ask(node, PREPOSITION_PATH, signal, wanted)).id,
        async stateOf(node, id, signal) {
            const { state, errors } = await ask(node, `${CACHE_JOBS_PATH}/${id}`, signal);
            if (state === 'done') return errors.length === 0 ? 'done' : 'failed';
            return state === 'failed' || state === 'cancelled' ? 'failed' : 'running';
        },
    };
}
