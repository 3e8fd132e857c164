import { errorBody } from '@ocm/sdk/http';
import type { z } from 'zod';
import { describeIssues } from './config.js';
import { errorMessageOf, failure, isAbort } from './errors.js';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 64 << 20;

export type JsonRequest<T> = {
    url: string;
    schema: z.ZodType<T>;
    /** Sent as JSON by POST; without it the request is a GET. */
    body?: unknown;
    headers?: Record<string, string>;
    timeoutMs?: number;
    /** The peer is not ours: a larger answer is cut off and refused. */
    maxBytes?: number;
    signal?: AbortSignal;
};

/**
 * Asks another service for JSON and validates the answer.
 * @throws MKT_RUNTIME__PEER_UNREACHABLE (also timeouts), MKT_RUNTIME__PEER_REFUSED (status ≥ 400; `context.status`,
 * `context.peerCode`, `context.peerDetails`), MKT_RUNTIME__PEER_ANSWER_INVALID.
 */
export async function fetchJson<T>(request: JsonRequest<T>): Promise<T> {
    const {
        url,
        schema,
        body,
        headers = {},
        timeoutMs = DEFAULT_TIMEOUT_MS,
        maxBytes = DEFAULT_MAX_BYTES,
        signal,
    } = request;
    const deadline = AbortSignal.timeout(timeoutMs);
    let status: number;
    let text: string;
    try {
        const response = await fetch(url, {
            method: body === undefined ? 'GET' : 'POST',
            headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            // A redirect would carry the bearer secret to a host that the operator did not name.
            redirect: 'error',
            signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
        });
        status = response.status;
        text = await readBounded(response, maxBytes, url);
    } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (error instanceof Error && error.message.startsWith(TOO_LARGE))
            throw failure('MKT_RUNTIME__PEER_ANSWER_INVALID', error.message, { url }, error);
        const reason = isAbort(error) || deadline.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error);
        throw failure(
            'MKT_RUNTIME__PEER_UNREACHABLE',
            `${url} did not answer: ${reason}; is it running?`,
            { url },
            error,
        );
    }
    const parsed = parseJson(text);
    if (status >= 400) {
        const told = errorBody.safeParse(parsed);
        const peerCode = told.success ? told.data.code : null;
        const peerDetails = told.success ? (told.data.details ?? {}) : {};
        const detail = told.success ? `${told.data.code}: ${told.data.message.slice(0, 300)}` : `status ${status}`;
        throw failure('MKT_RUNTIME__PEER_REFUSED', `${url} refused: ${detail}`, { url, status, peerCode, peerDetails });
    }
    const result = schema.safeParse(parsed);
    if (result.success) return result.data;
    throw failure(
        'MKT_RUNTIME__PEER_ANSWER_INVALID',
        `${url} answered out of contract: ${describeIssues(result.error)}`,
        { url },
    );
}

const TOO_LARGE = 'answer larger than';

async function readBounded(response: Response, maxBytes: number, url: string): Promise<string> {
    if (response.body === null) return '';
    const decoder = new TextDecoder();
    let text = '';
    let received = 0;
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        received += chunk.value.byteLength;
        if (received > maxBytes) {
            await reader.cancel();
            throw new Error(`${TOO_LARGE} ${maxBytes} bytes from ${url}`);
        }
        text += decoder.decode(chunk.value, { stream: true });
    }
    return text + decoder.decode();
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** undici hides the reason (ECONNREFUSED …) behind "fetch failed". */
function causeOf(error: unknown): string {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return errorMessageOf(cause) || 'connection failed';
}
