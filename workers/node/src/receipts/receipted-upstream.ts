import { createHash } from 'node:crypto';
import { SESSION_HEADER } from '@ocm/sdk/http';
import { CREDIT_EXHAUSTED, SESSION_REFUSED, type SignedSession } from '@ocm/sdk/viewer';
import { parseLength } from '../cache/headers.js';
import type { Upstream, UpstreamRequest, UpstreamResponse } from '../cache/upstream.js';
import { isAbort } from '../parents/parent.js';
import type { Clock } from '../ports.js';
import { meterBody } from './metered-body.js';
import type { ParentReceipts } from './parent-receipts.js';

/** So that no answer of a parent makes the viewer wait in a loop; then the object comes without a session. */
const MAX_TURNS = 8;

/** A parent that gets a receipt for what it sends (protocol 6.4). Whatever goes wrong with that, the object is fetched. */
export function receiptedUpstream(upstream: Upstream, receipts: ParentReceipts, now: Clock): Upstream {
    const ask = async (request: UpstreamRequest, session: SignedSession): Promise<UpstreamResponse | null> => {
        const askedAtMs = now();
        const headers = { ...request.headers, [SESSION_HEADER]: session.id };
        const response = await failing(session, upstream.fetch({ ...request, headers }));
        if (!isDelivery(response)) return response;
        const lengthBytes = parseLength(response.headers) ?? 0;
        if (session.mayReceive(lengthBytes)) return metered(response, session, { askedAtMs, lengthBytes });
        // The parent would stop in the middle of it.
        response.body.destroy();
        return null;
    };
    const metered = (
        response: UpstreamResponse,
        session: SignedSession,
        input: { askedAtMs: number; lengthBytes: number },
    ): UpstreamResponse => {
        const stream = session.receive({ ...input, createHash: () => createHash('sha256') });
        const body = meterBody(response.body, stream, {
            onChunk: () => receipts.arrived(session),
            onEnd: (how) => {
                if (how === 'failed') session.recordError();
                receipts.ended(session);
            },
        });
        return { ...response, body };
    };
    return {
        host: upstream.host,
        urlOf: (path) => upstream.urlOf(path),
        async close() {
            await receipts.close();
            await upstream.close();
        },
        async fetch(request) {
            // Of other methods nothing is delivered.
            if (request.method !== 'GET') return upstream.fetch(request);
            let refused: SignedSession | null = null;
            for (let turn = 0; turn < MAX_TURNS; turn += 1) {
                const session = await receipts.session();
                if (session === null) break;
                const response = await ask(request, session);
                if (response === null) {
                    const isTooLarge = session.isUnused;
                    receipts.leave(session);
                    // No token allows that much.
                    if (isTooLarge) break;
                    continue;
                }
                if (!isRefusedSession(response)) return response;
                response.body.resume();
                if (response.status === CREDIT_EXHAUSTED) await earnCredit(receipts, session);
                else if (refused === session) receipts.leave(session);
                else session.closeConnection();
                refused = session;
            }
            return upstream.fetch(request);
        },
    };
}

const isDelivery = ({ status }: UpstreamResponse): boolean => status === 200 || status === 206;

/** The origin's own 403 and 410 are answers like others: the parent puts its name on them. */
const isRefusedSession = ({ status, servedBy }: UpstreamResponse): boolean =>
    servedBy === undefined && (status === CREDIT_EXHAUSTED || SESSION_REFUSED.has(status));

async function failing(session: SignedSession, response: Promise<UpstreamResponse>): Promise<UpstreamResponse> {
    try {
        return await response;
    } catch (error) {
        if (!isAbort(error)) {
            session.recordError();
            session.closeConnection();
        }
        throw error;
    }
}

/** A receipt is what the parent waits for: for what is recorded, else for what is under way. Without any the session is left. */
async function earnCredit(receipts: ParentReceipts, session: SignedSession): Promise<void> {
    session.cutParts();
    const isTaken = session.hasUnacknowledged
        ? await receipts.acknowledge(session)
        : session.isReceiving && (await receipts.nextReceipt(session));
    if (!isTaken) receipts.leave(session);
}
