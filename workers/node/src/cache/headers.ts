import type { IncomingHttpHeaders } from 'node:http';

/** Lower-case names; several values joined by `, ` except `set-cookie`, which is never stored. */
export type HeaderMap = Record<string, string>;

// RFC 9110 7.6.1 and the fields that belong to one connection only.
const HOP_BY_HOP = new Set([
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
]);

/** Fields that every node sets itself; a parent's copy would lie about who served. */
const OWN = new Set(['ocm-node', 'ocm-cache', 'access-control-allow-origin', 'access-control-expose-headers']);

export function toHeaderMap(headers: IncomingHttpHeaders | Record<string, string | string[] | undefined>): HeaderMap {
    const map: HeaderMap = {};
    for (const [name, value] of Object.entries(headers)) {
        if (value === undefined) continue;
        map[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
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

export function parseLength(headers: HeaderMap): number | undefined {
    const value = headers['content-length'];
    return value !== undefined && /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}
