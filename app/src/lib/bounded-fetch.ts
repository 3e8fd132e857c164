import { errorBody } from '@ocm/sdk/http';
import type { z } from 'zod';

export const REQUEST_TIMEOUT_MS = 2_500;
/** A manifest of many sessions is the largest body we ask for. */
export const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

export interface BoundedRequest<T> {
    readonly url: string;
    readonly schema: z.ZodType<T>;
    readonly timeoutMs?: number;
    readonly maxBytes?: number;
    readonly signal?: AbortSignal;
}

/**
 * JSON from a party that is not trusted: bounded in time and size, never redirected (a node could otherwise point the
 * server at a neighbour), checked against its schema. The thrown message names the address and what to look at.
 */
export async function fetchJson<T>(request: BoundedRequest<T>): Promise<T> {
    const { url, schema, timeoutMs = REQUEST_TIMEOUT_MS, maxBytes = MAX_RESPONSE_BYTES } = request;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    let response: Response;
    try {
        response = await fetch(url, {
            redirect: 'error',
            cache: 'no-store',
            credentials: 'omit',
            signal,
            headers: { accept: 'application/json' },
        });
    } catch (cause) {
        const reason = timeout.aborted ? `did not answer within ${timeoutMs} ms` : 'did not answer';
        throw new Error(`${url} ${reason}.`, { cause });
    }
    const text = await readBounded(response, maxBytes, url).catch((cause: unknown) => {
        throw timeout.aborted ? new Error(`${url} did not answer within ${timeoutMs} ms.`, { cause }) : cause;
    });
    const json = parseJson(text, url);
    if (!response.ok) throw new Error(describeRefusal(url, response.status, json));
    const parsed = schema.safeParse(json);
    if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new Error(
            `${url} answered in an unknown form: ${issue?.path.join('.') || 'body'} ${issue?.message ?? ''}`,
        );
    }
    return parsed.data;
}

async function readBounded(response: Response, maxBytes: number, url: string): Promise<string> {
    if (!response.body) return '';
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return text + decoder.decode();
        bytes += value.byteLength;
        if (bytes > maxBytes) {
            await reader.cancel();
            throw new Error(`${url} answered with more than ${maxBytes} bytes.`);
        }
        text += decoder.decode(value, { stream: true });
    }
}

function parseJson(text: string, url: string): unknown {
    try {
        return text === '' ? null : JSON.parse(text);
    } catch (cause) {
        throw new Error(`${url} did not answer with JSON.`, { cause });
    }
}

function describeRefusal(url: string, status: number, json: unknown): string {
    const parsed = errorBody.safeParse(json);
    return parsed.success
        ? `${parsed.data.message} (${parsed.data.code}, HTTP ${status} from ${new URL(url).host})`
        : `${url} answered with HTTP ${status}.`;
}
