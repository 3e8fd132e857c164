import type { z } from 'zod';
import { isMarketplaceError, type MarketplaceError } from '../../core/error.js';
import { failure } from '../../core/failure.js';
import { errorBody } from '../../http/primitives.js';
import type { SessionPorts } from './ports.js';

const TIMEOUT_MS = 5_000;
const MAX_JSON_BYTES = 64 * 1024;
/** Refusals that pass by themselves: a node sees the chain, and the clock of the cluster, a little later than others do. */
const PASSING_REFUSALS = /^MKT_(NODE__(CONTRACT_UNKNOWN|TOKEN_NOT_YET_VALID)|PROVIDER__NODE_UNKNOWN)$/;

export type JsonRequest<T> = { url: string; schema: z.ZodType<T>; body?: unknown };

/**
 * One JSON question to a peer, bounded in time and size.
 * @throws MKT_SDK__PEER_UNREACHABLE, _PEER_REFUSED (context.status, context.peerCode, context.peerDetails), _ANSWER_INVALID
 */
export async function askPeer<T>(fetch: SessionPorts['fetch'], { url, schema, body }: JsonRequest<T>): Promise<T> {
    let response: Response;
    let text: string;
    try {
        response = await fetch(url, {
            ...(body === undefined
                ? {}
                : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
            credentials: 'omit',
            cache: 'no-store',
            redirect: 'error',
            referrerPolicy: 'no-referrer',
            signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        text = await readBounded(response);
    } catch (cause) {
        throw unreachable(url, cause);
    }
    const value = parseJson(text);
    if (!response.ok) {
        const told = errorBody.safeParse(value);
        const peerCode = told.success ? told.data.code : null;
        const detail = told.success ? `${peerCode}: ${told.data.message.slice(0, 300)}` : `status ${response.status}`;
        const context = { status: response.status, peerCode, peerDetails: told.data?.details };
        throw failure('MKT_SDK__PEER_REFUSED', `${url} refused: ${detail}`, context);
    }
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const reason = result.error.issues[0]?.message ?? 'no JSON';
    throw failure('MKT_SDK__ANSWER_INVALID', `${url} answered out of contract: ${reason}`);
}

export function unreachable(url: string, cause: unknown): MarketplaceError {
    return failure('MKT_SDK__PEER_UNREACHABLE', `${url} did not answer`, {}, cause);
}

/** HTTP status of a refusal, else undefined. */
export function statusOf(error: unknown): number | undefined {
    if (!isMarketplaceError(error, 'MKT_SDK__PEER_REFUSED')) return undefined;
    return error.context.status as number;
}

/** True for a refusal that waiting and asking again will not heal. */
export function isRefusal(error: unknown): boolean {
    if (isMarketplaceError(error, 'MKT_SDK__RECEIPT_FOREIGN')) return true;
    const status = statusOf(error);
    if (status === undefined || status >= 500 || status === 429 || status === 408) return false;
    return !(isMarketplaceError(error) && PASSING_REFUSALS.test(String(error.context.peerCode)));
}

async function readBounded(response: Response): Promise<string> {
    const reader = response.body?.getReader();
    if (reader === undefined) return '';
    const decoder = new TextDecoder();
    let text = '';
    let received = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return text + decoder.decode();
        received += value.byteLength;
        if (received > MAX_JSON_BYTES) {
            void reader.cancel();
            throw new Error(`more than ${MAX_JSON_BYTES} bytes`);
        }
        text += decoder.decode(value, { stream: true });
    }
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
