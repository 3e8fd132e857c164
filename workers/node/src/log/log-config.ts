import { isCron } from '@ocm/runtime';
import { encodeLogValue, isMarketplaceError } from '@ocm/sdk/core';
import { address, hash32 } from '@ocm/sdk/http';
import { z } from 'zod';
import { reloadIntervalMs } from '../ops/tls-config.js';
import { MAX_RETENTION_SECS } from './retention.js';
import { logRules, MIN_GROUP_SIZE, type Transform } from './rules.js';
import { applyTransforms } from './transforms.js';

const KIBIBYTE = 1024;
const filePath = z.string().min(1);
/** An hour at least: the operator's committer must have collected the evidence before it is erased. */
const retentionSecs = z.number().int().min(3_600).max(MAX_RETENTION_SECS);

/** What each field may hold, by an example that its transforms are tried on. Fields that are not listed are never changed. */
const TRANSFORMABLE: Readonly<Record<string, string>> = {
    'c-groupid': '4711',
    's-ip': '2001:db8::1',
    's-hostname': 'edge-1.example',
    'u-uri': 'http://origin.example/stream/',
    's-ccid': '/stream/',
    's-sid': '0123456789abcdef',
};

const fields = logRules.extend({
    minGroupSize: z.number().int().min(1).default(MIN_GROUP_SIZE).describe('smallest group that a log names'),
    allowsSmallGroups: z.boolean().default(false),
    maxFileBytes: z
        .number()
        .int()
        .min(4 * KIBIBYTE)
        .max(32 * KIBIBYTE * KIBIBYTE)
        .default(16 * KIBIBYTE * KIBIBYTE),
    maxFileSecs: z.number().int().min(60).max(86_400).default(3_600),
    encryptionKeys: z
        .array(z.strictObject({ id: z.string().min(1).max(32), keyPath: filePath }))
        .max(16)
        .default([]),
    retentionSecs: retentionSecs.default(MAX_RETENTION_SECS),
    contractRetentionSecs: z.record(address, retentionSecs).default({}),
    erasureCron: z.string().max(60).refine(isCron, 'must be five or six fields of cron, in UTC').default('17 * * * *'),
    readTokens: z
        .array(z.strictObject({ contract: address, tokenSha256: hash32 }))
        .max(1_000)
        .default([]),
    listen: z
        .strictObject({
            host: z.string().min(1).default('127.0.0.1'),
            port: z.number().int().min(0).max(65_535),
            certPath: filePath,
            keyPath: filePath,
            reloadIntervalMs,
        })
        .optional(),
});
type Fields = z.infer<typeof fields>;

/** Part `log` of a node's config. Its defaults are the private ones. */
export const logConfig = fields.superRefine((config, context) => {
    const refuse = (path: (string | number)[], message: string): void => {
        context.addIssue({ code: 'custom', path, message });
    };
    if (config.minGroupSize < MIN_GROUP_SIZE && !config.allowsSmallGroups) {
        refuse(
            ['minGroupSize'],
            `must be ${MIN_GROUP_SIZE} at least, because a smaller group points at persons; a demonstration may set allowsSmallGroups`,
        );
    }
    const keyIds = config.encryptionKeys.map(({ id }) => id);
    if (new Set(keyIds).size !== keyIds.length) refuse(['encryptionKeys'], 'must have different ids');
    for (const [field, transforms] of Object.entries(config.transforms)) {
        const problem = findTransformProblem(field, transforms, config);
        if (problem !== null) refuse(['transforms', field], problem);
    }
});
export type LogConfig = z.infer<typeof logConfig>;

function findTransformProblem(field: string, transforms: readonly Transform[], config: Fields): string | null {
    const example = TRANSFORMABLE[field];
    if (example === undefined || !Object.hasOwn(TRANSFORMABLE, field)) {
        return `is not a field that may be changed; those are ${Object.keys(TRANSFORMABLE).join(', ')}`;
    }
    const types = transforms.map(({ type }) => type);
    if (field === 's-ip') {
        if (types.includes('Hash')) {
            return 'must not be hashed: there are so few addresses that a hash of one is found by trying; use MaskIp';
        }
        if (types.some((type) => type !== 'MaskIp')) return 'holds an address: use MaskIp';
    } else if (types.includes('MaskIp')) return 'holds no address: MaskIp is for s-ip';
    const last = types.findIndex((type) => type === 'Hash' || type === 'Encrypt');
    if (last >= 0 && last < types.length - 1) return `must end with ${types[last]}: what follows would spoil it`;
    const missing = transforms.find(
        (transform) => transform.type === 'Encrypt' && !config.encryptionKeys.some(({ id }) => id === transform.keyId),
    );
    if (missing !== undefined) return 'is encrypted with a key that encryptionKeys does not list';
    return tryOut(field, transforms, example);
}

/** The form that RFC 7937 gives to a field must survive: its readers ignore records that break it. */
function tryOut(field: string, transforms: readonly Transform[], example: string): string | null {
    const keys = new Map(
        transforms.flatMap((transform) =>
            transform.type === 'Encrypt' ? [[transform.keyId, new Uint8Array(32)] as const] : [],
        ),
    );
    try {
        encodeLogValue(
            field,
            applyTransforms(example, transforms, { field, seq: 0, epochKey: new Uint8Array(32), keys }),
        );
        return null;
    } catch (error) {
        if (isMarketplaceError(error)) return `would not have the form of its field any more (${error.code})`;
        throw error;
    }
}
