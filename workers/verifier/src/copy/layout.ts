import { z } from 'zod';
import { isAddress } from '../chain/address.js';

/**
 * What a copy of a contract holds, one record per file. Every file is canonical JSON, or an RFC 7937 log file as its node
 * wrote it; nothing in a copy vouches for another file by a checksum of ours: what is wrong is found by recomputing.
 */
export const COPY_FILE = 'copy.json';
export const PARAMS_FILE = 'params.json';
export const COPY_FORMAT = 'ocm-copy/1';

export const accountFile = (address: string): string => `accounts/${address}.json`;
export const transactionFile = (place: number): string => `transactions/${String(place).padStart(6, '0')}.json`;
export const manifestFile = (commitment: string): string => `commitments/${commitment}/manifest.json`;
export const recordsFile = (commitment: string, tokenHash: string): string =>
    `commitments/${commitment}/records/${tokenHash}.json`;
export const logFile = (node: string, name: string): string => `logs/${node}/${name}`;

/** Largest file of a copy: a node's log file of one epoch, or a manifest of a quarter million sessions. */
export const MAX_FILE_BYTES = 256 << 20;

const PATHS: readonly RegExp[] = [
    /^copy\.json$/,
    /^params\.json$/,
    /^accounts\/[1-9A-HJ-NP-Za-km-z]{32,44}\.json$/,
    /^transactions\/[0-9]{6}\.json$/,
    /^commitments\/[1-9A-HJ-NP-Za-km-z]{32,44}\/manifest\.json$/,
    /^commitments\/[1-9A-HJ-NP-Za-km-z]{32,44}\/records\/[0-9a-f]{64}\.json$/,
    /^logs\/[1-9A-HJ-NP-Za-km-z]{32,44}\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/,
];
export const isCopyPath = (path: string): boolean => PATHS.some((form) => form.test(path));

const address = z.string().refine(isAddress, 'must be a base58 address');
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64');
const hash32 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hexadecimal digits');
const u64 = z.string().regex(/^(0|[1-9][0-9]{0,19})$/, 'must be a decimal integer');
const u32 = z.int().min(0).max(0xffff_ffff);

export const copySchema = z.strictObject({ contract: address, format: z.literal(COPY_FORMAT) });
export const accountSchema = z.strictObject({ data: base64, owner: address });
/** What of the registry's configuration a contract copies when it is made. `params` is Borsh, as `params_hash` covers it. */
export const paramsSchema = z.strictObject({
    clusterTag: u32,
    feeBasisPoints: z.int().min(0).max(10_000),
    params: base64,
    treasury: address,
});
export const transactionSchema = z.strictObject({
    /** Slot and time of the block, kept where what the programs wrote follows from them. */
    clock: z.strictObject({ slot: u64, time: z.int().min(0) }).nullable(),
    events: z.array(
        z.strictObject({
            data: base64,
            instruction: z.int().min(0).max(255),
            program: z.enum(['market', 'settlement']),
        }),
    ),
    wire: base64,
});
/** Loose: the hash on chain covers whatever else an operator writes into its manifest. Kind 1 has leaves without signatures. */
export const manifestSchema = z.looseObject({
    commitment: address,
    contract: address,
    depth: z.int(),
    epoch: u32,
    kind: z.int().min(0).max(2),
    leafCount: z.int().min(0),
    root: hash32,
    sessions: z.array(
        z.looseObject({
            leaf: base64,
            node: address,
            receipt: base64.default(''),
            receiptSignature: base64.default(''),
            token: base64.default(''),
            tokenSignature: base64.default(''),
        }),
    ),
    totalBytes: u64,
    /** Kind 1: what each node served without a receipt (docs/decisions/0066). */
    unsigned: z.array(z.looseObject({ bytes: u64, node: address })).default([]),
});
export type ManifestSession = {
    leaf: string;
    node: string;
    receipt: string;
    receiptSignature: string;
    token: string;
    tokenSignature: string;
};
/** The records of one session, in time order; `line` is where each stands in its node's log file. */
export const recordsSchema = z.strictObject({
    records: z.array(
        z.strictObject({
            fields: z.array(
                z.strictObject({ name: z.string(), salt: z.string().regex(/^[0-9a-f]{32}$/), value: z.string() }),
            ),
            line: z.strictObject({ file: z.string(), number: z.int().min(1) }).nullable(),
        }),
    ),
});

export type CopyTransaction = z.infer<typeof transactionSchema>;
export type CopyManifest = z.infer<typeof manifestSchema>;
export type CopyRecords = z.infer<typeof recordsSchema>;
export type CopyParams = z.infer<typeof paramsSchema>;
