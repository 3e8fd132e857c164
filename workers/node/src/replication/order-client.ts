import { failure } from '@ocm/runtime';
import { CACHE_JOBS_PATH, cacheJob, PREPOSITION_PATH, type PrepositionRequest } from '@ocm/sdk/http';
import { Agent, request } from 'undici';

const TIMEOUT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 64 * 1024;

export type OrderState = 'running' | 'done' | 'failed';

/** Gives orders to nodes of the same operator. */
export interface OrderClient {
    /** @returns the job's id */
    order(node: string, request: PrepositionRequest, signal: AbortSignal): Promise<string>;
    stateOf(node: string, job: string, signal: AbortSignal): Promise<OrderState>;
    close(): Promise<void>;
}

export interface OrderClientOptions {
    nodes: readonly { node: string; url: string }[];
    operatorSecret: string;
}

export function createOrderClient({ nodes, operatorSecret }: OrderClientOptions): OrderClient {
    const urls = new Map(nodes.map(({ node, url }) => [node, url.replace(/\/+$/, '')]));
    const agent = new Agent({ connections: 2, connect: { timeout: TIMEOUT_MS } });
    const ask = async (node: string, path: string, body: unknown, signal: AbortSignal) => {
        const { statusCode, body: answer } = await request(`${urls.get(node) ?? ''}${path}`, {
            dispatcher: agent,
            method: body === null ? 'GET' : 'POST',
            headers: { authorization: `Bearer ${operatorSecret}`, 'content-type': 'application/json' },
            body: body === null ? null : JSON.stringify(body),
            signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        const text = await readLimited(answer);
        const parsed = statusCode < 300 ? cacheJob.safeParse(parseJson(text)) : null;
        if (parsed?.success === true) return { statusCode, job: parsed.data };
        // A node that was restarted with an empty folder knows the job no more; it is ordered again.
        if (statusCode === 404) return { statusCode, job: null };
        throw failure('MKT_NODE__ORDER_REFUSED', 'a node answered an order with something else', { node, statusCode });
    };
    return {
        async order(node, wanted, signal) {
            const { job } = await ask(node, PREPOSITION_PATH, wanted, signal);
            if (job === null) throw failure('MKT_NODE__ORDER_REFUSED', 'a node takes no orders at its URL', { node });
            return job.id;
        },
        async stateOf(node, id, signal) {
            const { job } = await ask(node, `${CACHE_JOBS_PATH}/${id}`, null, signal);
            if (job === null || job.state === 'failed' || job.state === 'cancelled') return 'failed';
            return job.state === 'done' && job.errors.length === 0
                ? 'done'
                : job.state === 'done'
                  ? 'failed'
                  : 'running';
        },
        close: () => agent.destroy(),
    };
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

async function readLimited(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
    const chunks: Buffer[] = [];
    let received = 0;
    for await (const chunk of body) {
        received += chunk.length;
        if (received > ANSWER_LIMIT_BYTES) {
            body.destroy();
            throw failure('MKT_NODE__ORDER_REFUSED', 'a node answered an order with too much', {});
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
}
