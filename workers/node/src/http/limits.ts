import { z } from 'zod';
import { readNetwork } from './addresses.js';

const MAX_MS = 3_600_000;
const ms = z.number().int().min(1).max(MAX_MS);
const count = z.number().int().min(1).max(1_000_000);

/** Part `limits` of a node's config: what a peer may ask of this process (docs/limits.md explains each). */
export const httpLimits = z
    .strictObject({
        headersTimeoutMs: ms.default(10_000).describe('a request whose header section takes longer'),
        requestTimeoutMs: ms
            .default(20_000)
            .describe('a request with its body; all bodies that are accepted are small'),
        idleTimeoutMs: ms.default(30_000).describe('silence of a connection or an HTTP/2 stream'),
        keepAliveTimeoutMs: ms.default(15_000).describe('a connection that waits for its next request'),
        maxHeaderBytes: z
            .number()
            .int()
            .min(1_024)
            .max(65_536)
            .default(16 * 1024)
            .describe('header section of a request'),
        maxHeadersCount: count.default(64).describe('header fields of a request'),
        maxConnections: count.default(4_096).describe('connections of one listener'),
        maxConnectionsPerPrefix: count.default(1_024).describe('connections of one address prefix, over all listeners'),
        requestsPerPrefixPerSec: count.default(2_000).describe('requests of one address prefix, over all listeners'),
        requestBurstPerPrefix: count.default(8_000).describe('requests of one address prefix at once'),
        ipv4PrefixLength: z.number().int().min(8).max(32).default(24).describe('addresses that count as one peer'),
        ipv6PrefixLength: z.number().int().min(16).max(128).default(48).describe('addresses that count as one peer'),
        unlimitedPrefixes: z
            .array(z.string().refine((text) => readNetwork(text) !== null, 'must be a CIDR prefix'))
            .max(100)
            .default(['127.0.0.0/8', '::1/128'])
            .describe('peers that the two limits above do not count: this machine, a proxy in front'),
        minBytesPerSec: z
            .number()
            .int()
            .min(0)
            .max(1_000_000)
            .default(1_024)
            .describe('rate at which a viewer must read'),
        minRateAfterMs: ms.default(30_000).describe('time that the node must have waited for a viewer before that'),
        maxStreams: z.number().int().min(1).max(1_000).default(100).describe('open HTTP/2 streams of a connection'),
        maxStreamResets: count.default(100).describe('HTTP/2 streams broken off within 10 s (rapid reset)'),
        maxPings: count.default(100).describe('HTTP/2 PINGs within 10 s'),
        maxSettings: count.default(20).describe('HTTP/2 SETTINGS within 10 s'),
    })
    .refine(({ headersTimeoutMs, requestTimeoutMs }) => headersTimeoutMs <= requestTimeoutMs, {
        path: ['headersTimeoutMs'],
        message: 'must not be longer than requestTimeoutMs',
    });
export type HttpLimits = z.infer<typeof httpLimits>;
export const HTTP_LIMITS: HttpLimits = httpLimits.parse({});
