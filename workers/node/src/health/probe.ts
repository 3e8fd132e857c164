import { randomBytes } from 'node:crypto';
import { HEALTH_PATH } from '@ocm/sdk/http';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';
import { type HealthStatement, healthStatement, isSignedBy, signedStatement } from './statement.js';

const ANSWER_LIMIT_BYTES = 8 * 1024;
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

/** Asks peers how they are. */
export class Prober {
    readonly #options: ProbeOptions;
    readonly #agent: Agent;

    constructor(options: ProbeOptions) {
        this.#options = options;
        this.#agent = new Agent({ connections: 2, connect: { timeout: options.timeoutMs } });
    }

    async ask(peer: Peer, signal: AbortSignal): Promise<ProbeResult> {
        const { host, port } = peer;
        if (!this.#mayAsk(host)) return { kind: 'failed', why: 'its address may not be asked' };
        const nonce = randomBytes(16).toString('hex');
        const startedAt = performance.now();
        try {
            const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${HEALTH_PATH}?nonce=${nonce}`;
            const timeout = AbortSignal.timeout(this.#options.timeoutMs);
            const { statusCode, body } = await request(url, {
                dispatcher: this.#agent,
                signal: AbortSignal.any([signal, timeout]),
            });
            const text = await readLimited(body);
            const rttMs = performance.now() - startedAt;
            if (statusCode !== 200) return { kind: 'failed', why: `answered ${statusCode}` };
            return judge(text, peer, nonce, rttMs);
        } catch (error) {
            return { kind: 'failed', why: error instanceof Error ? error.name : 'unknown' };
        }
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }

    /** Endpoints come from a public chain: without this anyone could point our requests into our own network (SSRF). */
    #mayAsk(host: string): boolean {
        if (!ipaddr.isValid(host)) return false;
        return this.#options.allowsPrivate() || ipaddr.process(host).range() === 'unicast';
    }
}

function judge(text: string, { node, spkiHex }: Peer, nonce: string, rttMs: number): ProbeResult {
    const envelope = signedStatement.safeParse(parseJson(text));
    const parsed = envelope.success ? healthStatement.safeParse(parseJson(envelope.data.statement)) : null;
    if (!envelope.success || parsed === null || !parsed.success) return { kind: 'failed', why: 'no health statement' };
    const statement = parsed.data;
    // Another node at that address is not this node: a stale endpoint must not get its viewers.
    if (statement.node !== node) return { kind: 'failed', why: 'another node answers there' };
    if (statement.nonce !== nonce) return { kind: 'failed', why: 'answers another question' };
    const signed = spkiHex !== null && isSignedBy(HEALTH_PURPOSE, envelope.data, spkiHex);
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

async function readLimited(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
    const chunks: Buffer[] = [];
    let received = 0;
    for await (const chunk of body) {
        received += chunk.length;
        if (received > ANSWER_LIMIT_BYTES) {
            body.destroy();
            throw new RangeError('answer too large');
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
}
