import type { z } from 'zod';
import { errorMessageOf, failure } from '../errors.js';
import { readBounded, redact } from './rpc.js';

const TIMEOUT_MS = 60_000;

export type HttpRequest = {
    url: string;
    maxBytes: number;
    signal: AbortSignal;
    headers?: Readonly<Record<string, string>>;
};

/** The body, or null where the service says that it has none (404, 410). */
export async function getBytes({ url, maxBytes, signal, headers = {} }: HttpRequest): Promise<Uint8Array | null> {
    const shown = redact(url);
    let response: Response;
    try {
        response = await fetch(url, {
            headers,
            // A redirect would carry the operator's secret to a host that nobody named.
            redirect: 'error',
            signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
    } catch (error) {
        if (signal.aborted) throw signal.reason;
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        throw failure(
            'MKT_VERIFIER__PEER_UNREACHABLE',
            `${shown} did not answer: ${errorMessageOf(cause)}; is it running?`,
        );
    }
    if (response.status === 404 || response.status === 410) {
        await response.body?.cancel();
        return null;
    }
    const bytes = await readBounded(response, maxBytes, shown);
    if (response.ok) return bytes;
    throw failure(
        'MKT_VERIFIER__PEER_REFUSED',
        `${shown} answered with status ${response.status} for ${new URL(url).pathname}`,
    );
}

/** JSON of a known form, or null where the service has none. */
export async function getJson<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T | null> {
    const bytes = await getBytes(request);
    if (bytes === null) return null;
    try {
        return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (error) {
        throw failure(
            'MKT_VERIFIER__PEER_ANSWER_INVALID',
            `${redact(request.url)} answered out of its form: ${errorMessageOf(error).slice(0, 300)}`,
        );
    }
}
