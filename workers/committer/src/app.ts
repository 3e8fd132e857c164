import { createHttpServer, failure, type Logger, type Metrics, type Readiness } from '@ocm/runtime';
import {
    address,
    COMMITMENTS_PATH,
    COMMITTER_STATUS_PATH,
    type CommitterStatus,
    commitmentList,
    commitmentManifest,
    committerStatus,
    hash32,
    recordProof,
} from '@ocm/sdk/http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { buildRecordProof, type ProofRequest } from './record-proof.js';
import type { CommitmentStore } from './store.js';

export type AppDeps = {
    store: CommitmentStore;
    status: () => CommitterStatus;
    log: Logger;
    metrics: Metrics;
    readiness: () => Readiness;
};

const STATUSES = {
    MKT_COMMITTER__COMMITMENT_UNKNOWN: 404,
    MKT_COMMITTER__SESSION_UNKNOWN: 404,
    MKT_COMMITTER__RECORD_UNKNOWN: 404,
};
const commitmentParams = z.object({ commitment: address });
const proofParams = z.object({
    commitment: address,
    tokenHash: hash32,
    recordIndex: z
        .string()
        .regex(/^(0|[1-9][0-9]{0,9})$/, 'must be a record index from 0')
        .transform(Number),
});

/** The HTTP interface of the data duty (protocol 6.8); the caller makes it listen. Read only, open to any origin. */
export function createApp({ store, status, log, metrics, readiness }: AppDeps): FastifyInstance {
    const server = createHttpServer({ log, metrics, readiness, statuses: STATUSES, corsOrigin: '*' });
    server.get(COMMITMENTS_PATH, { schema: { response: { 200: commitmentList } } }, async () => ({
        commitments: store.list(),
    }));
    server.get<{ Params: { commitment: string } }>(
        `${COMMITMENTS_PATH}/:commitment`,
        { schema: { params: commitmentParams, response: { 200: commitmentManifest } } },
        async ({ params: { commitment } }) => {
            const manifest = await store.readManifest(commitment);
            if (manifest !== null) return manifest;
            throw failure(
                'MKT_COMMITTER__COMMITMENT_UNKNOWN',
                `commitment ${commitment} was not made here; see ${COMMITMENTS_PATH}`,
            );
        },
    );
    server.get<{ Params: ProofRequest }>(
        `${COMMITMENTS_PATH}/:commitment/proofs/:tokenHash/:recordIndex`,
        { schema: { params: proofParams, response: { 200: recordProof } } },
        ({ params }) => buildRecordProof(store, params),
    );
    server.get(COMMITTER_STATUS_PATH, { schema: { response: { 200: committerStatus } } }, async () => status());
    return server;
}
