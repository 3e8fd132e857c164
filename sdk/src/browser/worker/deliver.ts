import { NODE_HEADER } from '../../http/node.js';
import { CREDIT_EXHAUSTED, SESSION_REFUSED } from '../../viewer/sessions/node-link.js';
import { reportError } from '../../viewer/sessions/report.js';
import type { SessionKeeper } from '../../viewer/sessions/session-keeper.js';
import type { SignedSession } from '../../viewer/sessions/signed-session.js';
import type { DeliveryKeeper, NodeSource } from './delivery-keeper.js';
import { meterBody } from './metered-body.js';
import type { WorkerPorts } from './ports.js';
import { passThrough, pickHeaders, readSentBytes, withTimeout } from './responses.js';

/** A node that accepts and then stays silent is treated like one that is down. */
const HEADERS_TIMEOUT_MS = 5_000;
const BODY_IDLE_TIMEOUT_MS = 10_000;

/** So that no answer of a node makes the player wait in a loop. */
const MAX_TURNS = 4;
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

export type Delivered = {
    response: Response /** Resolves when everything that belongs to it is signed for. */;
    settled: Promise<void>;
};
type Answered = { source: NodeSource; response: Response; askedAtMs: number; abort: AbortController };

/** Answers one media request: from the node, receipted if there is a session, else as if nobody had asked us. */
export class Deliverer {
    readonly #ports: WorkerPorts;
    readonly #keeper: DeliveryKeeper;
    readonly #sessions: SessionKeeper;

    constructor(ports: WorkerPorts, keeper: DeliveryKeeper, sessions: SessionKeeper) {
        this.#ports = ports;
        this.#keeper = keeper;
        this.#sessions = sessions;
    }

    /** Fails only as the request itself would have failed. */
    async deliver(request: Request, path: string): Promise<Delivered> {
        const delivered = await this.#fromNode(request, path).catch((error: unknown) => {
            if (request.signal.aborted) throw error;
            reportError(this.#ports, error);
            return null;
        });
        return delivered ?? { response: await passThrough(this.#ports, request), settled: Promise.resolve() };
    }

    async #fromNode(request: Request, path: string): Promise<Delivered | null> {
        let refused: SignedSession | null = null;
        for (let turn = 0; turn < MAX_TURNS; turn += 1) {
            const source = await this.#keeper.source();
            if (source.kind === 'traditional') return null;
            const answered = await this.#ask(request, path, source);
            if (answered === null) continue;
            const { status } = answered.response;
            const { session } = source;
            // A node puts its name on what it passes on: such a refusal is the origin's, of the object, and the session goes on.
            const isOwn = !answered.response.headers.has(NODE_HEADER);
            if (session !== null && isOwn && (status === CREDIT_EXHAUSTED || SESSION_REFUSED.has(status))) {
                answered.abort.abort();
                await this.#heal(session, status, refused === session);
                refused = session;
            } else if (status >= 400 && status !== 416) {
                answered.abort.abort();
                return null;
            } else return this.#hand(request, answered);
        }
        return null;
    }

    async #ask(request: Request, path: string, source: NodeSource): Promise<Answered | null> {
        const abort = new AbortController();
        const signal = AbortSignal.any([abort.signal, request.signal]);
        const timer = setTimeout(() => abort.abort(), HEADERS_TIMEOUT_MS);
        const askedAtMs = this.#ports.now();
        try {
            const response = await this.#ports.fetch(source.nodeUrl + path, {
                method: request.method,
                headers: pickHeaders(request, source.session?.id),
                mode: 'cors',
                credentials: 'omit',
                // What a browser's cache would give was not sent by the node, and may not be signed for.
                cache: 'no-store',
                redirect: 'error',
                referrerPolicy: 'no-referrer',
                signal,
            });
            return { source, response, askedAtMs, abort };
        } catch (error) {
            if (request.signal.aborted) throw error;
            this.#keeper.nodeFailed(source.nodeUrl, source.session);
            return null;
        } finally {
            clearTimeout(timer);
        }
    }

    async #heal(session: SignedSession, status: number, isSecondTime: boolean): Promise<void> {
        if (status === CREDIT_EXHAUSTED && session.hasUnacknowledged && !isSecondTime)
            return session.acknowledge().catch(() => this.#sessions.leave(session));
        if (status === CREDIT_EXHAUSTED || isSecondTime) this.#sessions.leave(session);
        else session.closeConnection();
    }

    /** The URL of a response that is made here is the one that was asked for: players see theirs. */
    #hand(request: Request, answered: Answered): Delivered {
        const { response } = answered;
        const { status, statusText, headers } = response;
        const init = { status, statusText, headers };
        if (response.body === null || request.method === 'HEAD' || NULL_BODY_STATUSES.has(status))
            return { response: new Response(null, init), settled: Promise.resolve() };
        const { session } = answered.source;
        // Errors are no delivery: a node counts none of their bytes, and refuses a receipt for them.
        if (session === null || !response.ok)
            return { response: new Response(response.body, init), settled: Promise.resolve() };
        const { body, settled } = this.#meter(answered, response.body, session);
        return { response: new Response(body, init), settled };
    }

    #meter({ response, source, askedAtMs, abort }: Answered, body: ReadableStream<Uint8Array>, session: SignedSession) {
        let settle: (outcome: Promise<void>) => void = () => undefined;
        const settled = new Promise<void>((resolve) => {
            settle = resolve;
        });
        const stream = session.receive({ askedAtMs, sentBytes: readSentBytes(response) });
        const metered = meterBody(body, stream, {
            onChunk: () => void this.#sessions.arrived(session),
            onEnd: (end) => {
                abort.abort();
                if (end === 'complete') this.#keeper.nodeServed();
                if (end === 'failed') this.#keeper.nodeFailed(source.nodeUrl, session);
                settle(this.#sessions.recorded(session));
            },
            withTimeout: (chunk) => withTimeout(chunk, BODY_IDLE_TIMEOUT_MS, source.nodeUrl),
        });
        return { body: metered, settled };
    }
}
