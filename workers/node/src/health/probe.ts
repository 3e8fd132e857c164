import { randomBytes } from 'node:crypto';
import { errorCodeOf, fetchJson } from '@ocm/runtime';
import { HEALTH_PATH } from '@ocm/sdk/http';
import ipaddr from 'ipaddr.js';
import { urlOf } from '../http/addresses.js';
import {
    type HealthStatement,
    healthStatement,
    isSignedBy,
    type SignedStatement,
    signedStatement,
} from './statement.js';

const MAX_ANSWER_BYTES = 8 * 1024;
/** Purpose that a node signs its statements for. */
export const HEALTH_PURPOSE = 'health';

export interface Peer {
    node: string;
    host: string;
    port: number;
    /** SHA-256 of its key from the chain, hex; null: it has none there, so its word is taken unsigned. */
    spkiHex: string | null;
}
export type ProbeResult =
    | { kind: 'answered'; statement: HealthStatement; signed: boolean; rttMs: number }
    | { kind: 'failed'; why: string };

export interface ProbeOptions {
    timeoutMs: number;
    /** Test clusters only: private and loopback addresses may be asked. */
    allowsPrivate: () => boolean;
}

/** Asks one peer how it is. */
export async function probe(peer: Peer, options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
    const { host, port } = peer;
    if (!mayAsk(host, options)) return { kind: 'failed', why: 'its address may not be asked' };
    const nonce = randomBytes(16).toString('hex');
    const startedAt = performance.now();
    try {
        const answer = await fetchJson({
            url: `${urlOf(host, port)}${HEALTH_PATH}?nonce=${nonce}`,
            schema: signedStatement,
            timeoutMs: options.timeoutMs,
            maxBytes: MAX_ANSWER_BYTES,
            signal,
        });
        return judge(answer, peer, nonce, performance.now() - startedAt);
    } catch (error) {
        return { kind: 'failed', why: errorCodeOf(error) };
    }
}

/** Endpoints come from a public chain: without this anyone could point our requests into our own network (SSRF). */
function mayAsk(host: string, { allowsPrivate }: ProbeOptions): boolean {
    if (!ipaddr.isValid(host)) return false;
    return allowsPrivate() || ipaddr.process(host).range() === 'unicast';
}

function judge(answer: SignedStatement, { node, spkiHex }: Peer, nonce: string, rttMs: number): ProbeResult {
    const parsed = healthStatement.safeParse(parseJson(answer.statement));
    if (!parsed.success) return { kind: 'failed', why: 'no health statement' };
    const statement = parsed.data;
    // Another node at that address is not this node: a stale endpoint must not get its viewers.
    if (statement.node !== node) return { kind: 'failed', why: 'another node answers there' };
    if (statement.nonce !== nonce) return { kind: 'failed', why: 'answers another question' };
    const signed = spkiHex !== null && isSignedBy(HEALTH_PURPOSE, answer, spkiHex);
    if (spkiHex !== null && !signed) return { kind: 'failed', why: 'its statement is not signed by its key on chain' };
    return { kind: 'answered', statement, signed, rttMs };
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
