import { createHttpServer, type Logger, type Metrics, type Readiness } from '@ocm/runtime';
import {
    ISSUED_TOKENS_PATH,
    type IssuedToken,
    issuedToken,
    issuedTokenResponse,
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
import { type AcceptIssuedTokenDeps, acceptIssuedToken } from './accept-issued-token.js';
import { acceptReceipt } from './accept-receipt.js';
import type { Ledger } from './ledger.js';
import { createRateLimiter, type RateLimit } from './rate-limit.js';
import { addReportRoute, type ReportRouteDeps } from './report/routes.js';
import { requireSecret } from './require-secret.js';
import type { TokenIssuer } from './tokens/token-issuer.js';

export type AppDeps = AcceptIssuedTokenDeps & {
    ledger: Ledger;
    issuer: TokenIssuer;
    log: Logger;
    metrics: Metrics;
    readiness: () => Readiness;
    tokenRateLimit: RateLimit;
    receiptRateLimit: RateLimit;
    /** Bearer secret of the content provider; without it the paths that need it are off. */
    providerSecret?: string;
    trustedProxies?: readonly string[];
    /** Without it no reports are served. */
    reports?: Omit<ReportRouteDeps, 'ledger' | 'contracts' | 'providerSecret'>;
};

const STATUSES = {
    MKT_PROVIDER__ADDRESS_INVALID: 400,
    MKT_PROVIDER__CLIENT_KEY_CAPPED: 403,
    MKT_PROVIDER__CLIENT_KEY_INVALID: 400,
    MKT_PROVIDER__CONTRACT_UNKNOWN: 404,
    MKT_PROVIDER__GROUP_BYTES_CAPPED: 429,
    MKT_PROVIDER__GROUP_TOKENS_CAPPED: 429,
    MKT_PROVIDER__PREFIX_BYTES_CAPPED: 429,
    MKT_PROVIDER__PREFIX_TOKENS_CAPPED: 429,
    MKT_PROVIDER__REPORT_BUSY: 429,
    MKT_PROVIDER__REPORT_RANGE_INVALID: 400,
    MKT_PROVIDER__REPORT_TOO_LARGE: 422,
    MKT_PROVIDER__SECRET_NOT_SET: 403,
    MKT_PROVIDER__SECRET_WRONG: 401,
    MKT_PROVIDER__TIMEZONE_UNKNOWN: 400,
    MKT_PROVIDER__TOKEN_FOREIGN: 400,
    MKT_PROVIDER__TOKEN_FORGED: 400,
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
        trustedProxies: deps.trustedProxies ?? [],
    });
    const limitTokens = createRateLimiter(deps.tokenRateLimit);
    const limitReceipts = createRateLimiter(deps.receiptRateLimit);

    server.post<{ Body: TokenRequest }>(
        TOKENS_PATH,
        {
            schema: { body: tokenRequest, response: { 200: tokenResponse } },
            onRequest: async (request) => limitTokens(request.ip),
        },
        (request) => deps.issuer.issue({ ...request.body, address: request.ip }),
    );
    server.post<{ Body: IssuedToken }>(
        ISSUED_TOKENS_PATH,
        {
            schema: { body: issuedToken, response: { 200: issuedTokenResponse } },
            onRequest: async (request) => requireSecret(deps.providerSecret, request.headers.authorization),
        },
        (request) => acceptIssuedToken(deps, request.body),
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
    if (deps.reports !== undefined)
        addReportRoute(server, {
            ...deps.reports,
            ledger,
            contracts: deps.contracts,
            providerSecret: deps.providerSecret,
        });
    return server;
}
