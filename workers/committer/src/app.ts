import { createHttpServer, errorCodeOf, failure, type Logger, type Metrics, type Readiness } from '@ocm/runtime';
import { isMarketplaceError } from '@ocm/sdk/core';
import {
    address,
    COMMITMENTS_PATH,
    COMMITTER_STATUS_PATH,
    type CommitterStatus,
    commitmentList,
    committedRecords,
    committerStatus,
    DEFAULT_RECORDS_PER_PAGE,
    type ErrorBody,
    hash32,
    MAX_RECORDS_PER_PAGE,
    recordProof,
} from '@ocm/sdk/http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { NodeClient } from './ports.js';
import { CommittedLogs, type PageRequest, type ProofRequest } from './record-proof.js';
import { RecordSource } from './record-source.js';
import type { CommitmentStore } from './store.js';

export type AppDeps = {
    store: CommitmentStore;
    /** Who keeps the records. */
    nodes: Pick<NodeClient, 'nodes' | 'fetchRecords'>;
    status: () => CommitterStatus;
    log: Logger;
    metrics: Metrics;
    readiness: () => Readiness;
    /** Ends what nodes are asked for. */
    signal: AbortSignal;
};

const STATUSES = {
    MKT_COMMITTER__COMMITMENT_UNKNOWN: 404,
    MKT_COMMITTER__SESSION_UNKNOWN: 404,
    MKT_COMMITTER__RECORD_UNKNOWN: 404,
};
/** Told by name, because it is the asker who has to wait, or to do without. */
const TOLD: Readonly<Record<string, number>> = {
    MKT_COMMITTER__EVIDENCE_ERASED: 410,
    MKT_COMMITTER__NODE_LIES: 502,
    MKT_COMMITTER__NODE_AWAY: 503,
    MKT_COMMITTER__BUSY: 503,
};
const recordIndex = z
    .string()
    .regex(/^(0|[1-9][0-9]{0,9})$/, 'must be a record index from 0')
    .transform(Number);
const commitmentParams = z.object({ commitment: address });
const sessionParams = z.object({ commitment: address, tokenHash: hash32 });
type SessionParams = z.infer<typeof sessionParams>;
const pageQuery = z.object({
    from: recordIndex.default(0),
    limit: z
        .string()
        .regex(/^[1-9][0-9]{0,3}$/, `must be 1 to ${MAX_RECORDS_PER_PAGE}`)
        .transform(Number)
        .refine((limit) => limit <= MAX_RECORDS_PER_PAGE, `must be 1 to ${MAX_RECORDS_PER_PAGE}`)
        .default(DEFAULT_RECORDS_PER_PAGE),
});
const proofParams = sessionParams.extend({ recordIndex });

/** The HTTP interface of the data duty (protocol 6.8); the caller makes it listen. Read only, open to any origin. */
export function createApp({ store, nodes, status, log, metrics, readiness, signal }: AppDeps): FastifyInstance {
    const logs = new CommittedLogs(store, new RecordSource({ nodes, log }));
    const server = createHttpServer({ log, metrics, readiness, statuses: STATUSES, corsOrigin: '*' });
    server.get(COMMITMENTS_PATH, { schema: { response: { 200: commitmentList } } }, async () => ({
        commitments: store.list(),
    }));
    server.get<{ Params: { commitment: string } }>(
        `${COMMITMENTS_PATH}/:commitment`,
        { schema: { params: commitmentParams } },
        async ({ params: { commitment } }, reply) => {
            // As it was written, `commitmentManifest`: whoever reads it compares its hash with the one on chain.
            const manifest = await store.openManifest(commitment);
            if (manifest !== null)
                return reply
                    .type('application/json; charset=utf-8')
                    .header('content-length', manifest.bytes)
                    .send(manifest.stream);
            throw failure(
                'MKT_COMMITTER__COMMITMENT_UNKNOWN',
                `commitment ${commitment} was not made here; see ${COMMITMENTS_PATH}`,
            );
        },
    );
    server.get<{ Params: ProofRequest }>(
        `${COMMITMENTS_PATH}/:commitment/proofs/:tokenHash/:recordIndex`,
        { schema: { params: proofParams, response: { 200: recordProof } } },
        ({ params }, reply) => tell(reply, () => logs.prove(params, signal)),
    );
    server.get<{ Params: SessionParams; Querystring: Pick<PageRequest, 'from' | 'limit'> }>(
        `${COMMITMENTS_PATH}/:commitment/records/:tokenHash`,
        { schema: { params: sessionParams, querystring: pageQuery, response: { 200: committedRecords } } },
        ({ params, query }, reply) => tell(reply, () => logs.page({ ...params, ...query }, signal)),
    );
    server.get(COMMITTER_STATUS_PATH, { schema: { response: { 200: committerStatus } } }, async () => status());
    return server;
}

/** Answers with what `read` gives; where a node is why there is nothing, with its name and what is known of it. */
async function tell<T>(reply: FastifyReply, read: () => Promise<T>): Promise<T | FastifyReply> {
    try {
        return await read();
    } catch (error) {
        const status = TOLD[errorCodeOf(error)];
        if (status === undefined || !isMarketplaceError(error)) throw error;
        const { reason: _, ...details } = error.context as Record<string, unknown>;
        if (details.retryAfterSecs !== undefined) reply.header('retry-after', String(details.retryAfterSecs));
        return reply.code(status).send({ code: error.code, message: error.message, details } satisfies ErrorBody);
    }
}
