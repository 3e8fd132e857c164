import { z } from 'zod';

/** POST, CDNI request routing redirection (RFC 7975); below its base the path of Open Caching's request routing (SVTA2048). */
export const REDIRECTION_PATH = '/.well-known/ocm/OC/RRI/routing_request';
export const REDIRECTION_REQUEST_TYPE = 'application/cdni; ptype=redirection-request';
export const REDIRECTION_RESPONSE_TYPE = 'application/cdni; ptype=redirection-response';

const MAX_URI_BYTES = 8_192;
/** Longer than any chain of CDNs that somebody meant. */
const MAX_PATH_LENGTH = 32;
const ip = z.union([z.ipv4(), z.ipv6()]);

/** `AS<number>:<qualifier>` (RFC 7975 4.8): one CDN of the chain. */
export const cdnProviderId = z.string().regex(/^AS[0-9]{1,10}:[\x21-\x7e]{1,64}$/, 'must look like AS64496:0');

export const dnsRedirectionRequest = z.object({
    'resolver-ip': ip,
    'c-subnet': z.union([z.cidrv4(), z.cidrv6()]).optional(),
    qtype: z.enum(['A', 'AAAA']),
    qclass: z.literal('IN'),
    qname: z.string().min(1).max(254),
    /** The viewer cannot be redirected by HTTP afterwards. */
    'dns-only': z.boolean().optional(),
});
export const httpRedirectionRequest = z.looseObject({
    'c-ip': ip,
    'cs-uri': z.string().max(MAX_URI_BYTES),
    'cs-method': z.string().max(32),
    'cs-version': z.string().max(16),
});

/** Exactly one of `dns` and `http` (RFC 7975 4.4.1, 4.5.1). */
export const redirectionRequest = z
    .object({
        dns: dnsRedirectionRequest.optional(),
        http: httpRedirectionRequest.optional(),
        'cdn-path': z.array(cdnProviderId).max(MAX_PATH_LENGTH),
        'max-hops': z.number().int().min(0).max(255).optional(),
    })
    .refine(({ dns, http }) => (dns === undefined) !== (http === undefined), 'must have either "dns" or "http"');
export type RedirectionRequest = z.infer<typeof redirectionRequest>;

/** Why no redirection can be told (RFC 7975 4.7). */
export const REDIRECTION_ERRORS = {
    /** Nobody here is responsible for the host. */
    noMetadata: 501,
    loop: 502,
    maxHops: 503,
    outOfCapacity: 504,
    deliveryProtocol: 505,
} as const;

export const redirectionResponse = z.object({
    http: z
        .object({
            'sc-status': z.union([z.literal(302), z.literal(307)]),
            'sc-version': z.string(),
            'sc-reason': z.string(),
            'cs-uri': z.string(),
            'sc-(location)': z.string(),
        })
        .optional(),
    dns: z
        .object({
            rcode: z.number().int(),
            name: z.string(),
            a: z.array(z.ipv4()).optional(),
            aaaa: z.array(z.ipv6()).optional(),
            ttl: z.number().int().nonnegative(),
        })
        .optional(),
    /** Addresses for which the answer may be used again (RFC 7975 4.6). */
    scope: z.object({ iprange: z.array(z.string()) }).optional(),
    error: z.object({ 'error-code': z.number().int(), reason: z.string() }).optional(),
});
export type RedirectionResponse = z.infer<typeof redirectionResponse>;
