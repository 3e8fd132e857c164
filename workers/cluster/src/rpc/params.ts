import { z } from 'zod';
import { decodeBase58Exact } from '../ledger/addresses.js';
import { invalidParams, MIN_CONTEXT_SLOT_NOT_REACHED, RpcError } from './errors.js';

export const pubkeySchema = z
    .string()
    .refine((text) => decodeBase58Exact(text, 32) !== undefined, 'must be the base58 of a 32-byte public key');

export const signatureSchema = z
    .string()
    .refine((text) => decodeBase58Exact(text, 64) !== undefined, 'must be the base58 of a 64-byte signature');

/** An unsigned integer, as JSON numbers carry it exactly. */
export const unsignedSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** `recent`, `single`, `root`, `max` and `singleGossip` are the old names some clients still send. */
export const commitmentSchema = z.enum([
    'processed',
    'confirmed',
    'finalized',
    'recent',
    'single',
    'singleGossip',
    'root',
    'max',
]);
export type Commitment = z.infer<typeof commitmentSchema>;

const contextFields = {
    commitment: commitmentSchema.nullish(),
    minContextSlot: unsignedSchema.nullish(),
};
/** Configuration object every read accepts. Unknown fields are let pass, as Agave does. */
export const contextConfig = z.looseObject(contextFields).nullish();

export const dataSliceSchema = z.looseObject({ offset: unsignedSchema, length: unsignedSchema });
export const accountEncodingSchema = z.enum(['base58', 'base64', 'base64+zstd', 'jsonParsed', 'binary']);
export const accountConfigFields = {
    ...contextFields,
    encoding: accountEncodingSchema.nullish(),
    dataSlice: dataSliceSchema.nullish(),
};
export const accountConfig = z.looseObject(accountConfigFields).nullish();
export type AccountConfig = z.infer<typeof accountConfig>;

function describeIssue(issue: z.core.$ZodIssue): string {
    const [position, ...rest] = issue.path;
    const where =
        position === undefined
            ? 'params'
            : `params[${String(position)}]${rest.map((part) => `.${String(part)}`).join('')}`;
    return `${where}: ${issue.message}`;
}

/** Checks params against a tuple; missing trailing ones read as null. Throws RpcError -32602 naming what is wrong. */
export function parseParams<Items extends readonly z.ZodType[]>(
    items: readonly [...Items],
    params: readonly unknown[],
): { -readonly [Index in keyof Items]: z.infer<Items[Index]> } {
    if (params.length > items.length) {
        throw invalidParams(`expected at most ${items.length} params, got ${params.length}`);
    }
    const values: unknown[] = [];
    for (const [index, schema] of items.entries()) {
        const parsed = schema.safeParse(params[index] ?? undefined);
        if (!parsed.success) {
            const issue = parsed.error.issues[0];
            if (issue === undefined) throw invalidParams(`params[${index}] is not valid`);
            throw invalidParams(describeIssue({ ...issue, path: [index, ...issue.path] }));
        }
        values.push(parsed.data);
    }
    return values as { -readonly [Index in keyof Items]: z.infer<Items[Index]> };
}

/** Refuses a read that wants a later slot than there is. */
export function assertMinContextSlot(minContextSlot: number | null | undefined, slot: bigint): void {
    if (minContextSlot != null && BigInt(minContextSlot) > slot) {
        throw new RpcError(MIN_CONTEXT_SLOT_NOT_REACHED, 'Minimum context slot has not been reached', {
            contextSlot: slot,
        });
    }
}
