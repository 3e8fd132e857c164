import type { HeaderMap } from '../headers.js';
import { type Directives, MAX_DELTA_SECS, parseCacheControl } from './cache-control.js';
import { type DictionaryValue, parseDictionary } from './structured.js';

/** Fields that speak to this cache before Cache-Control does (RFC 9213 2.2): our own, then the one of all CDNs. */
export const TARGETED_FIELDS = ['ocm-cache-control', 'cdn-cache-control'] as const;

export interface ResponseControl {
    directives: Directives;
    /** They came from a targeted field: Cache-Control and Expires of the response say nothing then (RFC 9213 2.2). */
    isTargeted: boolean;
}

const SECONDS = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error']);

/** The directives that hold for this cache: of the first targeted field that is there and well formed, else Cache-Control. */
export function controlOf(headers: HeaderMap): ResponseControl {
    for (const name of TARGETED_FIELDS) {
        const text = headers[name];
        const members = text === undefined || text.trim() === '' ? null : parseDictionary(text);
        if (members !== null) return { directives: toDirectives(members), isTargeted: true };
    }
    return { directives: parseCacheControl(headers['cache-control']), isTargeted: false };
}

/** Values of the wrong type are as good as none (RFC 9213 2.1); a negative number of seconds is a broken one. */
function toDirectives(members: Map<string, DictionaryValue>): Directives {
    const directives = new Map<string, string | true>();
    for (const [name, value] of members) {
        if (SECONDS.has(name)) {
            if (typeof value === 'number') directives.set(name, String(Math.min(value, MAX_DELTA_SECS)));
        } else if (value === true || (typeof value === 'string' && value !== '')) directives.set(name, value);
    }
    return directives;
}
