import { z } from 'zod';

const domain = z
    .string()
    .max(253)
    .regex(
        /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
        'must be a host name in lower case; HTTP-01 proves no wildcards',
    );

/** Part `tls.acme` of a node's config: certificates by RFC 8555. No authority is assumed. */
export const acmeConfig = z.strictObject({
    directoryUrl: z.url({ protocol: /^https$/ }).describe('directory of the authority'),
    domains: z.array(domain).min(1).max(100).describe('names of one certificate; the first is its common name'),
    email: z.email().max(254).optional().describe('where the authority writes to'),
    termsOfServiceAgreed: z
        .literal(true, 'must be true: read the terms of the authority and agree to them')
        .describe('you agree to the terms of the authority'),
    externalAccount: z
        .strictObject({ keyId: z.string().min(1).max(256), hmacKey: z.string().min(16).max(1_024) })
        .optional()
        .describe('binding to an account that you have there (RFC 8555 7.3.4); hmacKey in base64url'),
    caPath: z.string().min(1).optional().describe('root of a private authority (PEM), for the connection to it'),
});
export type AcmeConfig = z.infer<typeof acmeConfig>;
