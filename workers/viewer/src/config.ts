import { isIP } from 'node:net';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).max(2048);

export const renditionChoice = z.enum(['highest', 'lowest', 'auto']);
export type RenditionChoice = z.infer<typeof renditionChoice>;

export const viewerConfig = z.object({
    entryUrl: httpUrl.describe('master playlist as the CAST router is asked for it'),
    providerUrl: httpUrl.describe("the content provider's worker, which issues tokens and keeps receipt copies"),
    stateDir: z.string().min(1).describe('folder for the playback state, of this viewer alone'),
    localAddress: z
        .string()
        .refine((value) => isIP(value) !== 0, 'must be an IP address')
        .optional()
        .describe('address that connections come from'),
    realtime: z.boolean().default(false).describe('fetch at the pace of playback instead of as fast as possible'),
    rendition: renditionChoice.default('highest').describe('auto adapts to the throughput'),
    retryForMs: z
        .number()
        .int()
        .min(0)
        .max(600_000)
        .default(60_000)
        .describe('how long one object, receipt or token is asked for again before giving up'),
    failoverAfterMs: z
        .number()
        .int()
        .min(0)
        .max(600_000)
        .default(15_000)
        .describe(
            'after how long without an answer of its node the router is asked for another; it has noticed by then',
        ),
});
export type ViewerConfig = z.infer<typeof viewerConfig>;
