import { z } from 'zod';

/** What a path may hold in a file that another program parses. */
const plainPath = z
    .string()
    .max(1_024)
    .regex(/^\/[A-Za-z0-9._/-]+$/, 'must be an absolute path of letters, digits, ".", "_", "-" and "/"');
const listen = z.strictObject({
    host: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
    port: z.number().int().min(1).max(65_535),
});

/** Part `proxy` of a RELAY's config: nginx delivers the bytes, this node admits, takes receipts and records. */
export const proxyConfig = z.strictObject({
    kind: z.literal('nginx'),
    listen: listen.describe('viewers, in clear'),
    tlsListen: listen.optional().describe('viewers over TLS, with the first certificate of tls.certificates'),
    user: z
        .string()
        .regex(/^[a-z_][a-z0-9_-]{0,31}$/)
        .optional()
        .describe('user of the workers of an nginx that root starts'),
    runDir: plainPath.describe('folder of nginx: cache, access log, pid; must exist and belong to its user'),
    cacheBytes: z
        .number()
        .int()
        .min(1 << 20)
        .default(1 << 30)
        .describe('disk of the cache of nginx'),
    connectionsPerSession: z
        .number()
        .int()
        .min(1)
        .max(64)
        .default(4)
        .describe('responses of a session at once; each may exceed the credit by its own length'),
    parentCaPath: plainPath
        .default('/etc/ssl/certs/ca-certificates.crt')
        .describe('authorities that nginx trusts for a parentUrl of https'),
    pollIntervalMs: z.number().int().min(50).max(60_000).default(500).describe('looks for new lines of the access log'),
});
export type ProxyConfig = z.infer<typeof proxyConfig>;

export const accessLogPathOf = ({ runDir }: ProxyConfig): string => `${runDir}/access.log`;
