/** Why a peer was turned away before or beside the handlers; a closed list, so that metrics stay bounded. */
export const REFUSALS = [
    'malformed',
    'headers_too_large',
    'too_many_headers',
    'timeout',
    'connect',
    'upgrade',
    'prefix_connections',
    'prefix_requests',
    'slow_reader',
    'stream_resets',
    'pings',
    'settings',
    'stream_idle',
    'tls',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What the listeners tell of themselves. */
export interface HttpMeter {
    refused(reason: Refusal): void;
    /** A finished handshake, by what ALPN chose. */
    secured(protocol: 'h2' | 'http/1.1'): void;
    requested(version: '1.0' | '1.1' | '2'): void;
}

export const noMeter: HttpMeter = { refused() {}, secured() {}, requested() {} };
