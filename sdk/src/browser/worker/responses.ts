import { SESSION_HEADER } from '../../http/node.js';
import { unreachable } from '../../viewer/sessions/peer-http.js';
import type { WorkerPorts } from './ports.js';

/**
 * The request as if nobody had asked us. Of a media element that asks without CORS it is tried with CORS first: after
 * answers that were made here, an opaque one would be refused by the element.
 */
export async function passThrough({ fetch }: Pick<WorkerPorts, 'fetch'>, request: Request): Promise<Response> {
    if (request.mode !== 'no-cors') return fetch(request);
    const range = request.headers.get('range');
    const { method, url, signal } = request;
    const headers: Record<string, string> = range === null ? {} : { range };
    try {
        return await fetch(url, { method, headers, mode: 'cors', credentials: 'omit', signal });
    } catch (error) {
        if (signal.aborted) throw error;
        return fetch(request);
    }
}

/** What a node needs to know, and nothing else of what a page may have set. */
export function pickHeaders(request: Request, session: string | undefined): Headers {
    const headers = new Headers(session === undefined ? {} : { [SESSION_HEADER]: session });
    for (const name of ['range', 'if-range']) {
        const value = request.headers.get(name);
        if (value !== null) headers.set(name, value);
    }
    return headers;
}

/** Entity bytes on the wire where the browser decoded them; null where it had nothing to decode. */
export function readSentBytes({ headers }: Response): number | null {
    if ((headers.get('content-encoding') ?? 'identity').toLowerCase() === 'identity') return null;
    const length = Number(headers.get('content-length') ?? 0);
    return Number.isSafeInteger(length) && length > 0 ? length : 0;
}

/** @throws MKT_SDK__PEER_UNREACHABLE when nothing comes in time. */
export function withTimeout<T>(result: Promise<T>, timeoutMs: number, url: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(unreachable(url, undefined)), timeoutMs);
    });
    return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
