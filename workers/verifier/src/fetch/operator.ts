import { z } from 'zod';
import { failure } from '../errors.js';
import type { SaltedField } from '../protocol/record-tree.js';
import { getBytes, getJson } from './http.js';
import { redact } from './rpc.js';

/** A manifest of a quarter million sessions; logs of one node's epoch. */
const MAX_BYTES = 256 << 20;
const MAX_PAGE_BYTES = 4 << 20;
/** Of one session: a year of two-second segments. */
const MAX_RECORDS = 16_000_000;

const field = z.object({
    name: z.string().max(200),
    value: z.string().max(65_536),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
});
const manifestAnswer = z.looseObject({ manifestHash: z.string() });
const recordsAnswer = z.object({
    records: z.array(z.object({ fields: z.array(field).max(200) })),
    next: z.number().int().positive().max(MAX_RECORDS).nullable(),
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

/** All records of a session, page by page. Whether they are those that were committed, verification finds out. */
async function readPages(
    path: string,
    options: { signal: AbortSignal; headers?: Readonly<Record<string, string>> },
): Promise<Records | null> {
    const records: (readonly SaltedField[])[] = [];
    for (let from: number | null = 0; from !== null; ) {
        const url: string = `${path}?from=${from}`;
        const page: z.infer<typeof recordsAnswer> | null = await getJson(
            { ...options, url, maxBytes: MAX_PAGE_BYTES },
            recordsAnswer,
        );
        if (page === null) return null;
        for (const { fields } of page.records) records.push(fields);
        if (page.next !== null && page.next !== records.length)
            throw failure(
                'MKT_VERIFIER__PEER_ANSWER_INVALID',
                `${redact(url)} goes on with record ${page.next} after ${records.length}`,
            );
        from = page.next;
    }
    return records;
}

/** The committer's public interface. */
export function createCommitterClient(url: string, signal: AbortSignal) {
    const folder = `${base(url)}/v1/commitments`;
    return {
        manifest: (commitment: string) =>
            getJson({ url: `${folder}/${commitment}`, maxBytes: MAX_BYTES, signal }, manifestAnswer),
        /** Of one session; null where its node no longer has them. */
        records: (commitment: string, tokenHash: string) =>
            readPages(`${folder}/${commitment}/records/${tokenHash}`, { signal }),
    };
}
export type CommitterClient = ReturnType<typeof createCommitterClient>;

/** A node's interface for its operator, who has the secret. */
export function createNodeClient(url: string, secret: string, signal: AbortSignal) {
    const folder = `${base(url)}/.well-known/ocm/operator`;
    const headers = { authorization: `Bearer ${secret}` };
    return {
        /** Of one session; null once the epoch's raw log was erased. */
        records: (contract: string, epoch: number, tokenHash: string) =>
            readPages(`${folder}/epochs/${contract}/${epoch}/${tokenHash}`, { signal, headers }),
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
