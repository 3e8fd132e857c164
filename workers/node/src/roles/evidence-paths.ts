import {
    DEFAULT_RECORDS_PER_PAGE,
    DEFAULT_SESSIONS_PER_PAGE,
    type EvidencePage,
    hash32,
    MAX_RECORDS_PER_PAGE,
    MAX_SESSIONS_PER_PAGE,
    type RecordPage,
} from '@ocm/sdk/http';
import { z } from 'zod';
import { RequestProblem } from '../http/problem.js';
import type { EpochAccess } from './epoch-access.js';

/** Base58 address, epoch as decimal digits, token hash; nothing else of a path reaches the file system. */
const EVIDENCE_FORM = /^\/([1-9A-HJ-NP-Za-km-z]{32,44})\/(0|[1-9][0-9]{0,9})(?:\/([0-9a-f]{64}))?$/;

const countUpTo = (most: number) =>
    z
        .string()
        .regex(/^[0-9]{1,6}$/, 'must be a number')
        .transform(Number)
        .refine((count) => count >= 1 && count <= most, `must be 1 to ${most}`);
const sessionQuery = z.strictObject({
    after: hash32.nullable().default(null),
    limit: countUpTo(MAX_SESSIONS_PER_PAGE).default(DEFAULT_SESSIONS_PER_PAGE),
});
const recordQuery = z.strictObject({
    from: z
        .string()
        .regex(/^(0|[1-9][0-9]{0,9})$/, 'must be a record index from 0')
        .transform(Number)
        .default(0),
    limit: countUpTo(MAX_RECORDS_PER_PAGE).default(DEFAULT_RECORDS_PER_PAGE),
});

/**
 * A page of an epoch's sessions, or of the records of one of them; `rest` is what follows the root of the evidence paths.
 * @throws RequestProblem 400, 404 unknown, 409 still open, 410 erased, 503 not made yet
 */
export async function answerEvidence(
    { node, epochs }: { node: string; epochs: EpochAccess },
    rest: string,
    query: URLSearchParams,
): Promise<EvidencePage | RecordPage> {
    const [, contract, epochText, session] = EVIDENCE_FORM.exec(rest) ?? [];
    const epoch = Number(epochText);
    if (contract === undefined || !Number.isSafeInteger(epoch)) {
        throw new RequestProblem(
            400,
            'MKT_NODE__PATH_INVALID',
            'Ask for /<contract address>/<epoch number> or /<contract address>/<epoch number>/<token hash>.',
        );
    }
    const name = { contract, epoch };
    if (session === undefined) return { node, ...name, ...(await epochs.sessions(name, parse(sessionQuery, query))) };
    return { node, ...name, ...(await epochs.records(name, { session, ...parse(recordQuery, query) })) };
}

function parse<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
    const parsed = schema.safeParse(Object.fromEntries(query));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new RequestProblem(400, 'MKT_NODE__QUERY_INVALID', `Query "${field}": ${issue?.message ?? 'invalid'}.`, {
        field,
    });
}
