import { type BodySource, prefixed, SteadyBody, skipKnown } from './body-source.js';
import type { FetchInput } from './fetcher.js';
import type { HeaderMap } from './headers.js';
import type { Parent, ParentResponse } from './parent.js';
import type { CacheRequest } from './request.js';
import { partRangeOf } from './semantics/content-range.js';
import { isStrongTag, validationFields } from './semantics/freshen.js';
import type { CacheEntry } from './stored-response.js';

/** What a fetch asks beyond the viewer's fields: is it still this one, the part wanted, or the rest of what is stored. */
export function fetchFields(
    { request, stale, range }: Pick<FetchInput, 'request' | 'stale' | 'range'>,
    prefix: CacheEntry | null,
): HeaderMap {
    const { authorization, ifRange } = request;
    const credential: HeaderMap = authorization === undefined ? {} : { authorization };
    if (stale !== null) return { ...credential, ...validationFields(stale.response.headers) };
    if (range !== undefined) {
        return { ...credential, range, ...(ifRange === undefined ? {} : { 'if-range': ifRange }) };
    }
    if (prefix === null) return credential;
    const etag = prefix.response.headers.etag ?? '';
    return { ...credential, range: `bytes=${prefix.object.body.length}-`, 'if-range': etag };
}

/** A stored beginning with the rest that was asked for, as one whole response (RFC 9111 3.4); null if they do not fit. */
export function continueFrom(
    prefix: CacheEntry,
    response: ParentResponse,
): { response: ParentResponse; body: BodySource } | null {
    const range = response.status === 206 ? partRangeOf(response.headers) : null;
    const held = prefix.object.body;
    if (range === null || range.first !== held.length || range.last !== range.total - 1) return null;
    if (response.headers.etag !== prefix.response.headers.etag) return null;
    const { 'content-range': _, ...rest } = response.headers;
    const headers = { ...rest, 'content-length': String(range.total) };
    return { response: { ...response, status: 200, headers }, body: prefixed(held, response.body) };
}

export interface SteadyInput {
    parent: Parent;
    request: CacheRequest;
    response: ParentResponse;
    body: BodySource;
    stallTimeoutMs: number;
}

/** Replaced if it stalls: by the rest of the same representation if its tag is strong, else by another whole fetch. */
export function steadyBody({ parent, request, response, body, stallTimeoutMs }: SteadyInput): BodySource {
    if (response.status !== 200) return body;
    const { authorization } = request;
    const { etag } = response.headers;
    const isStrong = isStrongTag(etag);
    const replace = async (received: number, sha256: string | null): Promise<BodySource> => {
        const rest: HeaderMap = isStrong && received > 0 ? { range: `bytes=${received}-`, 'if-range': etag } : {};
        const extra = authorization === undefined ? rest : { ...rest, authorization };
        const next = await parent.ask({ method: 'GET', request, extra });
        const isSame = !isStrong || next.headers.etag === etag;
        if (next.status === 206 && isSame && partRangeOf(next.headers)?.first === received) return next.body;
        if (next.status === 200 && isSame) return skipKnown(next.body, received, sha256);
        next.body.destroy();
        throw new Error('the parent has another object now');
    };
    return new SteadyBody({ body, stallTimeoutMs, comparesBytes: !isStrong, replace });
}
