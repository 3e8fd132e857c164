import type { IncomingHttpHeaders } from 'node:http';

/** Lower-case names; several values joined by `, `, those of `set-cookie` by a line feed, as they may hold commas. */
export type HeaderMap = Record<string, string>;

// RFC 9110 7.6.1, RFC 9111 3.1: fields that belong to one connection or one proxy only.
const HOP_BY_HOP = new Set([
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authentication-info',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
]);

/** Fields that every node sets itself; a parent's copy would lie about who served. */
const OWN = new Set(['ocm-node', 'ocm-cache', 'access-control-allow-origin', 'access-control-expose-headers']);

/** RFC 9110 5.5. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function toHeaderMap(headers: IncomingHttpHeaders | Record<string, string | string[] | undefined>): HeaderMap {
    const map: HeaderMap = {};
    for (const [name, value] of Object.entries(headers)) {
        if (value === undefined) continue;
        const key = name.toLowerCase();
        const text = Array.isArray(value) ? value.join(key === 'set-cookie' ? '\n' : ', ') : value;
        // What cannot be written again would break the answer that it is copied to.
        if (SENDABLE.test(text) || key === 'set-cookie') map[key] = text;
    }
    return map;
}

/** End-to-end fields only: hop-by-hop ones and those that `Connection` lists are dropped. */
export function endToEnd(headers: HeaderMap): HeaderMap {
    const listed = new Set(
        (headers.connection ?? '')
            .toLowerCase()
            .split(',')
            .map((name) => name.trim()),
    );
    const kept: HeaderMap = {};
    for (const [name, value] of Object.entries(headers)) {
        if (HOP_BY_HOP.has(name) || OWN.has(name) || listed.has(name)) continue;
        kept[name] = value;
    }
    return kept;
}

/**
 * What a parent may see of a viewer's request. Everything else is an unkeyed input, the raw material of cache poisoning,
 * and cookies or addresses of viewers must not travel.
 */
export function forwardedRequestHeaders(request: IncomingHttpHeaders): HeaderMap {
    const forwarded: HeaderMap = {};
    const accepted = String(request['accept-encoding'] ?? '').toLowerCase();
    // Three values at most, so that a Vary on it cannot multiply the stored variants.
    if (/\bbr\b/.test(accepted)) forwarded['accept-encoding'] = 'br';
    else if (/\bgzip\b/.test(accepted)) forwarded['accept-encoding'] = 'gzip';
    else forwarded['accept-encoding'] = 'identity';
    return forwarded;
}

/** All that a viewer sent but its conditions and ranges, which the cache answers itself: for a plain reverse proxy. */
export function proxiedRequestHeaders(request: IncomingHttpHeaders): HeaderMap {
    const forwarded = endToEnd(toHeaderMap(request));
    for (const name of OF_THE_CACHE) delete forwarded[name];
    return forwarded;
}

const OF_THE_CACHE = [
    ...['host', 'content-length', 'expect', 'authorization', 'range', 'if-range'],
    ...['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since'],
];

export function parseLength(headers: HeaderMap): number | undefined {
    const value = headers['content-length'];
    return value !== undefined && /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}
