import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { isAddress } from './chain/address.js';
import { describe } from './cli-usage.js';
import { failure } from './errors.js';

const MAX_SECRET_FILE_BYTES = 4_096;

const url = z
    .string()
    .refine((text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text), 'must be an http or https URL');
const nodeUrl = z
    .string()
    .transform((text) => ({ node: text.slice(0, text.indexOf('=')), url: text.slice(text.indexOf('=') + 1) }))
    .refine(({ node, url: at }) => isAddress(node) && url.safeParse(at).success, 'must be ADDRESS=URL');

/** What the command line says, checked. */
export const contractArgument = z.string().refine(isAddress, 'must be the base58 address of a contract');
export const sourceOptions = z.object({
    rpcUrl: url,
    committer: url.optional(),
    node: z.array(nodeUrl).default([]),
    operatorSecretFile: z.string().optional(),
    epoch: z
        .string()
        .regex(/^\d{1,9}$/, 'must be the number of an epoch')
        .transform(Number)
        .optional(),
    maxBytes: z
        .string()
        .regex(/^\d{1,15}$/, 'must be a number of bytes')
        .transform(Number)
        .optional(),
});
export type SourceOptions = z.infer<typeof sourceOptions>;

/** @throws MKT_VERIFIER__USAGE naming the option */
export function checkOptions<T>(schema: z.ZodType<T>, value: unknown): T {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw failure('MKT_VERIFIER__USAGE', describe(result.error));
}

/** The operator's secret: from a file or the environment, never from the command line, which every user of the machine sees. */
export function readSecret(file: string | undefined, env: Readonly<Record<string, string | undefined>>): string | null {
    if (file === undefined) return env.OCM_OPERATOR_SECRET || null;
    try {
        if (statSync(file).size > MAX_SECRET_FILE_BYTES) throw new Error('too large');
        return readFileSync(file, 'utf8').trim();
    } catch {
        throw failure(
            'MKT_VERIFIER__USAGE',
            `--operator-secret-file ${file} cannot be read, or is larger than a secret`,
        );
    }
}
