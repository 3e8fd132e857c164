import { z } from 'zod';

/** Below this a group could single somebody out (security.md 3.2, P2). */
export const MIN_GROUP_SIZE = 50;

const truncate = z.strictObject({
    type: z.literal('Truncate'),
    maxCharacters: z.number().int().min(1).max(65_536),
});
const hash = z.strictObject({
    type: z.literal('Hash'),
    /** 64 bits at least: fewer would make two values one. */
    hexDigits: z.number().int().min(16).max(64).default(32),
});
const encrypt = z.strictObject({
    type: z.literal('Encrypt'),
    keyId: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, "_" or "-"'),
});
const maskIp = z.strictObject({
    type: z.literal('MaskIp'),
    ipv4PrefixLength: z.number().int().min(0).max(32).default(24),
    ipv6PrefixLength: z.number().int().min(0).max(128).default(48),
});
export const transform = z.discriminatedUnion('type', [truncate, hash, encrypt, maskIp]);
export type Transform = z.infer<typeof transform>;

/** The node as its logs name it; each that is given adds a field. */
export const surrogate = z.strictObject({
    address: z.union([z.ipv4(), z.ipv6()]).optional(),
    hostname: z
        .string()
        .regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be a host name')
        .optional(),
    port: z.number().int().min(1).max(65_535).optional(),
});

/** How records become a file and evidence. An epoch keeps the rules under which it began: both must come out the same again. */
export const logRules = z.object({
    surrogate: surrogate.default({}),
    /** `u-uri`: the collection, or the object itself (without its query in either case). */
    objectUris: z.enum(['collection', 'full']).default('collection'),
    /** Folders of an object's path that make its collection. Further down, paths may hold tokens and names of users. */
    collectionSegments: z.number().int().min(0).max(16).default(1),
    minGroupSize: z.number().int().min(1).default(MIN_GROUP_SIZE),
    transforms: z.record(z.string(), z.array(transform)).default({}),
    maxFileBytes: z.number().int().positive().default(16_777_216),
    maxFileSecs: z.number().int().positive().default(3_600),
});
export type LogRules = z.infer<typeof logRules>;
