import { createHttpServer, type Logger, type Metrics, type Readiness } from '@ocm/runtime';
import {
    PROVIDER_STATUS_PATH,
    providerStatus,
    RECEIPT_COPIES_PATH,
    receiptResponse,
    type SignedReceipt,
    signedReceipt,
    TOKENS_PATH,
    type TokenRequest,
    tokenRequest,
    tokenResponse,
} from '@ocm/sdk/http';
import type { FastifyInstance } from 'fastify';
import { acceptReceipt } from './accept-receipt.js';
import { type IssueTokenDeps, issueToken } from './issue-token.js';
import { createRateLimiter, type RateLimit } from './rate-limit.js';

export type AppDeps = IssueTokenDeps & {
    log: Logger;
    metrics: Metrics;
    readiness: () => Readiness;
    tokenRateLimit: RateLimit;
    receiptRateLimit: RateLimit;
};

const STATUSES = {
    MKT_PROVIDER__NODE_UNKNOWN: 404,
    MKT_PROVIDER__CONTRACT_NOT_ACTIVE: 409,
    MKT_PROVIDER__EPOCH_NOT_RUNNING: 409,
    MKT_PROVIDER__ISSUER_NOT_IN_FORCE: 409,
    MKT_PROVIDER__RATE_LIMITED: 429,
    MKT_PROVIDER__TOKEN_UNKNOWN: 404,
    MKT_PROVIDER__RECEIPT_FORGED: 400,
    MKT_PROVIDER__RECEIPT_TOO_LARGE: 400,
    MKT_CORE__RECEIPT_NOT_NEXT: 409,
};

/** The HTTP interface; the caller makes it listen. Open to browsers of any origin: it holds no cookies and no sessions. */
export function createApp(deps: AppDeps): FastifyInstance {
    const { ledger, log, metrics, readiness } = deps;
    const server = createHttpServer({
        log,
        metrics,
        readiness,
        statuses: STATUSES,
        bodyLimitBytes: 4096,
        corsOrigin: '*',
    });
    const limitTokens = createRateLimiter(deps.tokenRateLimit);
    const limitReceipts = createRateLimiter(deps.receiptRateLimit);

    server.post<{ Body: TokenRequest }>(
        TOKENS_PATH,
        {
            schema: { body: tokenRequest, response: { 200: tokenResponse } },
            onRequest: async (request) => limitTokens(request.ip),
        },
        (request) => issueToken(deps, request.body),
    );
    server.post<{ Body: SignedReceipt }>(
        RECEIPT_COPIES_PATH,
        {
            schema: { body: signedReceipt, response: { 200: receiptResponse } },
            onRequest: async (request) => limitReceipts(request.ip),
        },
        (request) => acceptReceipt(ledger, request.body),
    );
    server.get(PROVIDER_STATUS_PATH, { schema: { response: { 200: providerStatus } } }, async () => ({
        contracts: deps.contracts.map((contract) => contract.toBase58()),
        tokensIssued: ledger.tokenCount,
        receiptCopies: ledger.copyCount,
        commitments: ledger.listVerdicts(),
    }));
    return server;
}
