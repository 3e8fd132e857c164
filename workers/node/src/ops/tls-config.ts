import { z } from 'zod';
import { acmeConfig } from '../acme/acme-config.js';

const port = z.number().int().min(0).max(65_535);
const address = z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port });
const filePath = z.string().min(1).max(4_096);

/** Also of `log.listen`. */
export const reloadIntervalMs = z
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(60_000)
    .describe('looks for changed certificate files');

/** Part `tls` of a node's config. */
export const tlsConfig = z
    .strictObject({
        listen: address.describe('viewers, HTTP/1.1 and HTTP/2'),
        cacheListen: address.optional().describe('CAST: mid-tier cache for its RELAYs'),
        certificates: z
            .array(z.strictObject({ certPath: filePath, keyPath: filePath }))
            .max(100)
            .default([])
            .describe('PEM chains and keys; the host name that a client asks for chooses, the first is for all others'),
        reloadIntervalMs,
        acme: acmeConfig.optional(),
    })
    .refine(({ certificates, acme }) => certificates.length > 0 || acme !== undefined, {
        path: ['certificates'],
        message: 'must list a certificate, or acme must be set',
    });
export type TlsConfig = z.infer<typeof tlsConfig>;

/** Part `drain`: what a node does between SIGTERM and its end. */
export const drainConfig = z.strictObject({
    announceMs: z
        .number()
        .int()
        .min(0)
        .max(300_000)
        .default(3_000)
        .describe('longest wait for the router to have seen that this node leaves; none if no router asks'),
    graceMs: z
        .number()
        .int()
        .min(0)
        .max(3_600_000)
        .default(30_000)
        .describe('time that responses under way get before they are cut'),
});
export type DrainConfig = z.infer<typeof drainConfig>;
