import { z } from 'zod';
import { errorCodeOf, errorMessageOf, failure } from '../errors.js';

export type RpcOptions = {
    url: string;
    /** The page's or test's own way to the cluster; `fetch` otherwise. */
    fetch?: typeof globalThis.fetch;
    signal: AbortSignal;
};
export type Rpc = <T>(method: string, params: readonly unknown[], schema: z.ZodType<T>) => Promise<T>;

const TIMEOUT_MS = 20_000;
const ATTEMPTS = 4;
const RETRY_BASE_MS = 100;
/** A transaction with all its logs is far smaller; a page of signatures about 250 KB. */
const MAX_ANSWER_BYTES = 16 << 20;

const envelope = z.object({ result: z.unknown().optional(), error: z.object({ message: z.string() }).nullish() });

/** Reads at most so much of an answer: the peer is not ours. @throws MKT_VERIFIER__ANSWER_TOO_LARGE */
export async function readBounded(response: Response, maxBytes: number, what: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let received = 0;
    if (response.body === null) return new Uint8Array();
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        received += chunk.value.byteLength;
        if (received > maxBytes) {
            await reader.cancel();
            throw failure('MKT_VERIFIER__ANSWER_TOO_LARGE', `${what} answered with more than ${maxBytes} bytes`);
        }
        chunks.push(chunk.value);
    }
    return Buffer.concat(chunks);
}

/** A JSON-RPC client of a cluster with timeouts, bounds and retries. Its errors never show a key in the URL. */
export function createRpc({ url, fetch = globalThis.fetch, signal }: RpcOptions): Rpc {
    const shown = redact(url);
    let id = 0;
    async function ask<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
        id += 1;
        const response = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
            redirect: 'error',
            signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        const text = new TextDecoder().decode(await readBounded(response, MAX_ANSWER_BYTES, shown));
        const { result, error } = envelope.parse(JSON.parse(text));
        if (error)
            throw failure('MKT_VERIFIER__RPC_REFUSED', `${shown} refused ${method}: ${error.message.slice(0, 300)}`);
        return schema.parse(result);
    }
    return async (method, params, schema) => {
        for (let attempt = 1; ; attempt += 1) {
            try {
                return await ask(method, params, schema);
            } catch (error) {
                if (signal.aborted) throw signal.reason;
                // Said by the node itself: asking again gets the same answer.
                if (errorCodeOf(error)?.startsWith('MKT_')) throw error;
                if (attempt === ATTEMPTS)
                    throw failure(
                        'MKT_VERIFIER__RPC_UNUSABLE',
                        `${method} at ${shown}: ${errorMessageOf(error)}; is the cluster running, and --rpc-url right?`,
                        error,
                    );
                await new Promise((resolve) => setTimeout(resolve, RETRY_BASE_MS * 2 ** attempt));
            }
        }
    };
}

/** Providers put keys into path and query. */
export function redact(url: string): string {
    try {
        return new URL(url).origin;
    } catch {
        return 'an invalid URL';
    }
}
