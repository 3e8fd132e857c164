import { cdnProviderId } from '@ocm/sdk/http';
import { z } from 'zod';

/** Upstream CDNs that may ask where a viewer of theirs should go. */
export const redirectionConfig = z.object({
    /** Of this operator, as upstream CDNs know it. */
    providerId: cdnProviderId,
    upstreams: z
        .array(
            z.object({
                name: z.string().min(1).max(100),
                /** Of the bearer secret that was given to it. */
                tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the secret, lower-case hex'),
                /** Hosts that it delegated; a redirection is told for these only. */
                hosts: z.array(z.string().toLowerCase().min(1).max(253)).min(1).max(1_000),
            }),
        )
        .min(1)
        .max(100),
    /** How long an answer may be used again. */
    ttlSecs: z.number().int().min(0).max(3_600).default(20),
});
export type RedirectionConfig = z.infer<typeof redirectionConfig>;
