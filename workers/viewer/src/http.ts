import { describeIssues, errorMessageOf, failure } from '@ocm/runtime';
import { errorBody } from '@ocm/sdk/http';
import { Agent, request } from 'undici';
import type { z } from 'zod';

/** A node that accepts and then stays silent is treated like one that is down. */
const CONNECT_TIMEOUT_MS = 5_000;
const HEADERS_TIMEOUT_MS = 10_000;
const BODY_IDLE_TIMEOUT_MS = 10_000;
/** Largest object taken into memory: a 10 s segment at 50 Mbit/s. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
const MAX_JSON_BYTES = 64 * 1024;

export type HttpAnswer = {
    status: number;
    headers: Record<string, string | string[] | undefined>;
    body: Uint8Array;
    /** Request sent until first body byte. */
    ttfbMs: number;
    /** Request sent until last body byte. */
    totalMs: number;
};
export type HttpRequest = {
    url: string;
    method?: 'GET' | 'POST';
    headers?: Record<string, string>;
    body?: string;
    maxBytes?: number;
    signal?: AbortSignal;
};

/** Plain HTTP without redirects and without decompression: the bytes that are receipted are the bytes on the wire. */
export class HttpClient {
    readonly #agent: Agent;

    constructor({ localAddress }: { localAddress?: string | undefined } = {}) {
        this.#agent = new Agent({
            // Not among the `connect` options: undici replaces it there by the client's own.
            ...(localAddress === undefined ? {} : { localAddress }),
            connect: { timeout: CONNECT_TIMEOUT_MS },
            headersTimeout: HEADERS_TIMEOUT_MS,
            bodyTimeout: BODY_IDLE_TIMEOUT_MS,
        });
    }

    /** @throws MKT_VIEWER__PEER_UNREACHABLE (no connection, timeout, cut off), MKT_VIEWER__ANSWER_TOO_LARGE */
    async send({ url, method = 'GET', headers = {}, body, maxBytes = MAX_OBJECT_BYTES, signal }: HttpRequest) {
        const startedAt = performance.now();
        try {
            const answer = await request(url, {
                dispatcher: this.#agent,
                method,
                headers: { 'accept-encoding': 'identity', ...headers },
                ...(body === undefined ? {} : { body }),
                ...(signal === undefined ? {} : { signal }),
            });
            let ttfbMs: number | undefined;
            let received = 0;
            const chunks: Uint8Array[] = [];
            for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
                ttfbMs ??= performance.now() - startedAt;
                received += chunk.byteLength;
                if (received > maxBytes) {
                    throw failure('MKT_VIEWER__ANSWER_TOO_LARGE', `${url} sent more than ${maxBytes} bytes`, { url });
                }
                chunks.push(chunk);
            }
            const totalMs = performance.now() - startedAt;
            const whole = concatenate(chunks, received);
            const result: HttpAnswer = {
                status: answer.statusCode,
                headers: answer.headers,
                body: whole,
                ttfbMs: ttfbMs ?? totalMs,
                totalMs,
            };
            return result;
        } catch (error) {
            if (signal?.aborted) throw signal.reason;
            if (hasCode(error, 'MKT_VIEWER__ANSWER_TOO_LARGE')) throw error;
            const message = `${url} did not answer: ${errorMessageOf(error) || 'connection failed'}`;
            throw failure('MKT_VIEWER__PEER_UNREACHABLE', message, { url }, error);
        }
    }

    /** @throws as `send`, MKT_VIEWER__PEER_REFUSED (context.status, context.peerCode, context.peerDetails), MKT_VIEWER__ANSWER_INVALID */
    async postJson<T>(url: string, body: unknown, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
        const answer = await this.send({
            url,
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
            maxBytes: MAX_JSON_BYTES,
            ...(signal === undefined ? {} : { signal }),
        });
        if (answer.status < 200 || answer.status > 299) throw refusalOf(url, answer);
        const result = schema.safeParse(parseJson(answer.body));
        if (result.success) return result.data;
        throw failure(
            'MKT_VIEWER__ANSWER_INVALID',
            `${url} answered out of contract: ${describeIssues(result.error)}`,
            {
                url,
            },
        );
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }
}

/** The error for a status that is not what was asked for. */
export function refusalOf(url: string, { status, body }: HttpAnswer): Error {
    const told = errorBody.safeParse(parseJson(body));
    const detail = told.success ? `${told.data.code}: ${told.data.message.slice(0, 300)}` : `status ${status}`;
    const peerCode = told.success ? told.data.code : null;
    const context = { url, status, peerCode, peerDetails: told.data?.details };
    return failure('MKT_VIEWER__PEER_REFUSED', `${url} refused: ${detail}`, context);
}

export function headerOf(answer: HttpAnswer, name: string): string | undefined {
    const value = answer.headers[name];
    return Array.isArray(value) ? value[0] : value;
}

function hasCode(error: unknown, code: string): boolean {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function parseJson(body: Uint8Array): unknown {
    try {
        return JSON.parse(new TextDecoder().decode(body));
    } catch {
        return undefined;
    }
}

function concatenate(chunks: Uint8Array[], length: number): Uint8Array {
    const whole = new Uint8Array(length);
    let offset = 0;
    for (const chunk of chunks) {
        whole.set(chunk, offset);
        offset += chunk.byteLength;
    }
    return whole;
}
