import { failure } from '@ocm/runtime';
import {
    address,
    CONTRACTS_PATH,
    REPORT_KEY_HEADER,
    REPORT_SIGNATURE_HEADER,
    type ReportFormat,
    type ReportQuery,
    reportQuery,
} from '@ocm/sdk/http';
import type { Keypair } from '@solana/web3.js';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireSecret } from '../require-secret.js';
import { createReport, type ReportDeps, type ReportRequest } from './create-report.js';
import { formatReport, REPORT_TYPES } from './formats.js';
import type { PdfSigner } from './pdf-signer.js';
import { signReport } from './sign.js';

/** A report reads much and computes much: others wait, and beyond these they come again. */
const MAX_WAITING = 2;
const RETRY_AFTER_SECS = 5;
const TIMEOUT_MS = 120_000;

export type ReportRouteDeps = ReportDeps & {
    providerSecret: string | undefined;
    signer: Keypair;
    /** Signs PDF files inside; opened when the first is asked for. */
    pdfSigner: () => Promise<PdfSigner>;
    /** Aborts when the worker stops. */
    signal: AbortSignal;
};

/** `GET /v1/contracts/:address/report` (sdk/http/report.ts), one at a time. */
export function addReportRoute(server: FastifyInstance, deps: ReportRouteDeps): void {
    let last: Promise<unknown> = Promise.resolve();
    let waiting = 0;
    const inTurn = async <T>(run: () => Promise<T>): Promise<T> => {
        if (waiting > MAX_WAITING)
            throw failure('MKT_PROVIDER__REPORT_BUSY', 'other reports are being made; ask again in a moment', {
                retryAfterSecs: RETRY_AFTER_SECS,
            });
        waiting += 1;
        const turn = last.catch(() => undefined).then(run);
        last = turn;
        return turn.finally(() => {
            waiting -= 1;
        });
    };
    server.get<{ Params: { address: string }; Querystring: ReportQuery }>(
        `${CONTRACTS_PATH}/:address/report`,
        {
            schema: { params: z.strictObject({ address }), querystring: reportQuery },
            onRequest: async (request) => requireSecret(deps.providerSecret, request.headers.authorization),
        },
        async ({ params, query: { format, ...query } }, reply) => {
            const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(TIMEOUT_MS)]);
            const request = { contract: params.address, ...query };
            const file = await inTurn(() => make(deps, request, format, signal));
            const { signature, publicKey } = signReport(file, deps.signer);
            return reply
                .header('cache-control', 'no-store')
                .header('content-disposition', `attachment; filename="report-${params.address}.${format}"`)
                .header(REPORT_SIGNATURE_HEADER, signature)
                .header(REPORT_KEY_HEADER, publicKey)
                .type(REPORT_TYPES[format])
                .send(Buffer.from(file));
        },
    );
}

async function make(
    deps: ReportDeps & Pick<ReportRouteDeps, 'pdfSigner'>,
    request: ReportRequest,
    format: ReportFormat,
    signal: AbortSignal,
): Promise<Uint8Array> {
    try {
        return await formatReport(await createReport(deps, request, signal), format, deps.pdfSigner);
    } catch (error) {
        if (!signal.aborted || error !== signal.reason) throw error;
        throw failure('MKT_PROVIDER__REPORT_TOO_LARGE', 'the report takes too long; ask for fewer epochs at a time');
    }
}
