import { z } from 'zod';
import type { SaltedField } from '../protocol/record-tree.js';
import { getBytes, getJson } from './http.js';

/** A manifest of a quarter million sessions; evidence and logs of one node's epoch. */
const MAX_BYTES = 256 << 20;
const MAX_PROOF_BYTES = 1 << 20;
/** A session of eight hours of two-second segments, and some. */
const MAX_RECORDS = 100_000;

const field = z.object({
    name: z.string().max(200),
    value: z.string().max(65_536),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
});
const manifestAnswer = z.looseObject({ manifestHash: z.string() });
const proofAnswer = z.object({
    record: z.object({ fields: z.array(field).max(200) }),
    recordCount: z.number().int().min(1).max(MAX_RECORDS),
});
const evidenceAnswer = z.object({
    sessions: z.array(
        z.object({
            token: z.string(),
            records: z.array(z.object({ seq: z.number().int(), fields: z.array(field) })).max(MAX_RECORDS),
        }),
    ),
});
const filesAnswer = z.object({
    files: z.array(
        z.object({
            name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/),
            contract: z.string(),
            epoch: z.number().int(),
        }),
    ),
});
export type Records = readonly (readonly SaltedField[])[];

const base = (url: string): string => url.replace(/\/+$/, '');

/** The committer's public interface. */
export function createCommitterClient(url: string, signal: AbortSignal) {
    const folder = `${base(url)}/v1/commitments`;
    return {
        manifest: (commitment: string) =>
            getJson({ url: `${folder}/${commitment}`, maxBytes: MAX_BYTES, signal }, manifestAnswer),
        /** One proof for each record; null where the operator no longer has them. */
        async records(commitment: string, tokenHash: string): Promise<Records | null> {
            const records: SaltedField[][] = [];
            for (let index = 0, count = 1; index < count; index += 1) {
                const at = `${folder}/${commitment}/proofs/${tokenHash}/${index}`;
                const proof = await getJson({ url: at, maxBytes: MAX_PROOF_BYTES, signal }, proofAnswer);
                if (proof === null) return null;
                count = proof.recordCount;
                records.push(proof.record.fields);
            }
            return records;
        },
    };
}
export type CommitterClient = ReturnType<typeof createCommitterClient>;

/** A node's interface for its operator, who has the secret. */
export function createNodeClient(url: string, secret: string, signal: AbortSignal) {
    const folder = `${base(url)}/.well-known/ocm/operator`;
    const headers = { authorization: `Bearer ${secret}` };
    return {
        /** Records by token, in base64; null once the epoch's raw log was erased. */
        async records(contract: string, epoch: number): Promise<ReadonlyMap<string, Records> | null> {
            const at = `${folder}/epochs/${contract}/${epoch}`;
            const evidence = await getJson({ url: at, maxBytes: MAX_BYTES, signal, headers }, evidenceAnswer);
            if (evidence === null) return null;
            return new Map(evidence.sessions.map(({ token, records }) => [token, records.map(({ fields }) => fields)]));
        },
        async logs(contract: string, epoch: number): Promise<string[]> {
            const list = await getJson({ url: `${folder}/logs`, maxBytes: MAX_BYTES, signal, headers }, filesAnswer);
            return (list?.files ?? [])
                .filter((file) => file.contract === contract && file.epoch === epoch)
                .map(({ name }) => name);
        },
        log: (name: string) => getBytes({ url: `${folder}/logs/${name}`, maxBytes: MAX_BYTES, signal, headers }),
    };
}
export type NodeClient = ReturnType<typeof createNodeClient>;
