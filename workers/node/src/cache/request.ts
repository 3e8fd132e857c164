import type { Fill } from './fill.js';
import type { HeaderMap } from './headers.js';
import { demandsOf, NO_DEMANDS, type RequestDemands } from './semantics/reuse.js';

export type Disposition = 'hit' | 'miss' | 'collapsed' | 'bypass';

export interface CacheRequest {
    method: 'GET' | 'HEAD';
    /** Normalised path and allow-listed query: what the parent is asked for, and, with its host, the cache key. */
    pathAndQuery: string;
    /** What the parent may see; the only inputs that can select a variant. */
    headers: HeaderMap;
    /** A credential makes the exchange private: passed on, shared and stored only where behaviour and response allow it. */
    authorization?: string | undefined;
    /** Contract of the viewer's session: under its secret the answer is stored. No part of the key. */
    contract?: string | undefined;
    /** Nodes on the way, for the parent's loop check; no part of the key. */
    loop?: string | undefined;
    range?: string | undefined;
    ifRange?: string | undefined;
    onlyIfCached?: boolean;
    /** Cache-Control and Pragma of the viewer, for a cache that honours them. */
    cacheControl?: string | undefined;
    pragma?: string | undefined;
    /** Called with 1xx responses of the parent, if this request is the one that is sent to it. */
    onInterim?: ((status: number, headers: HeaderMap) => void) | undefined;
}

export interface CacheAnswer {
    disposition: Disposition;
    status: number;
    headers: HeaderMap;
    /** Bytes of the whole representation, if known. */
    length: number | undefined;
    body: Buffer | Fill;
    /** Set if it may be given again as it is until then. */
    repeatable?: { bornMs: number; freshUntilMs: number; reuse(): Buffer | null };
}

export const demandsOfRequest = ({ cacheControl, pragma }: CacheRequest, areHonoured: boolean): RequestDemands =>
    areHonoured ? demandsOf(cacheControl, pragma) : NO_DEMANDS;
