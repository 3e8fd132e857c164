import type { IncomingMessage, ServerResponse } from 'node:http';
import { SESSION_HEADER } from '@ocm/sdk/http';
import type { MediaTarget } from '../cache/target.js';
import type { Upstream } from '../cache/upstream.js';
import { problemOf, sendProblem } from '../http/json.js';
import type { EpochName, EpochStore } from '../log/epoch-store.js';
import type { Clock, NodeLog, ProtocolClock, TopologyPort } from '../ports.js';
import type { Session } from '../sessions/session.js';
import type { SessionService } from '../sessions/session-service.js';
import { attributeUnkeyed } from './attribution.js';
import { type MediaOptions, type MediaResult, serveMedia } from './media.js';

export interface ViewerOptions extends MediaOptions {
    sessions: SessionService;
    store: EpochStore;
    topology: TopologyPort;
    upstream: Upstream;
    clock: ProtocolClock;
    now: Clock;
    log: NodeLog;
    /** Base URL under which the content provider knows its objects, for log records; without a trailing slash. */
    contentUrl: string;
}

/** Serves viewers: counts what each session gets, stops those that do not sign, and records every response. */
export class ViewerHandler {
    readonly #options: ViewerOptions;
    readonly #underWay = new Map<ServerResponse, Promise<void>>();
    readonly #pending = new Set<Promise<void>>();

    constructor(options: ViewerOptions) {
        this.#options = options;
    }

    handle(request: IncomingMessage, response: ServerResponse, target: MediaTarget): Promise<void> {
        const answered = this.#answer(request, response, target).finally(() => this.#underWay.delete(response));
        this.#underWay.set(response, answered);
        return answered;
    }

    /** Resolves once the records of responses that were begun are on disk; nobody may be connected any more. */
    async settle(): Promise<void> {
        // Who was not answered yet got nothing that a record could tell of, and a parent may be silent for long.
        const begun = [...this.#underWay].flatMap(([response, answered]) => (response.headersSent ? [answered] : []));
        await Promise.allSettled(begun);
        await Promise.all(this.#pending);
    }

    async #answer(request: IncomingMessage, response: ServerResponse, target: MediaTarget): Promise<void> {
        const { sessions, now } = this.#options;
        const startedAtMs = now();
        const session = sessions.admitRequest(request.headers[SESSION_HEADER]);
        const left = new AbortController();
        const leave = (): void => left.abort();
        // Of the socket: a pipelined response that never got its turn is told nothing, and would wait for credit at a stop.
        if (session !== null) request.socket.once('close', leave);
        try {
            const result = await serveMedia(this.#options, {
                request,
                response,
                target,
                ...(session === null
                    ? {}
                    : { contract: session.contract, ...this.#metering(session, response, left.signal) }),
            });
            this.#record(request, target, session, startedAtMs, result);
        } catch (error) {
            const problem = problemOf(error);
            if (problem.status === 500) this.#options.log.error({ err: error }, 'request failed');
            const entityBytes = Buffer.byteLength(JSON.stringify(problem.toBody()));
            sendProblem(response, problem);
            const refused = {
                status: problem.status,
                entityBytes,
                totalBytes: entityBytes,
                completed: true,
                isCached: false,
            };
            this.#record(request, target, session, startedAtMs, refused);
        } finally {
            request.socket.off('close', leave);
        }
    }

    #metering(
        session: Session,
        response: ServerResponse,
        signal: AbortSignal,
    ): { gate: (bytes: number) => Promise<void> } {
        // Error bodies are no delivery: no receipt could ever cover them, and they would eat the credit.
        const isDelivery = (): boolean => response.statusCode === 200 || response.statusCode === 206;
        return {
            gate: async (bytes) => {
                if (isDelivery()) await this.#options.sessions.hand(session, bytes, signal);
            },
        };
    }

    #record(
        request: IncomingMessage,
        target: MediaTarget,
        session: Session | null,
        startedAtMs: number,
        { status, totalBytes, entityBytes, isCached }: MediaResult,
    ): void {
        const { store, now, contentUrl } = this.#options;
        const endedAtMs = now();
        const written = store
            .addRequest(this.#epochOf(session), {
                type: 'request',
                session: session?.hash ?? null,
                endedAtMs,
                takenMs: Math.max(0, endedAtMs - startedAtMs),
                method: request.method ?? '',
                uri: `${contentUrl}${target.path}`,
                protocol: `HTTP/${request.httpVersion}`,
                status,
                totalBytes,
                entityBytes,
                isCached,
            })
            .finally(() => this.#pending.delete(written));
        this.#pending.add(written);
    }

    #epochOf(session: Session | null): EpochName {
        const { store, topology, clock, node } = this.#options;
        const meta = session === null ? undefined : store.findSession(session.hash)?.journal.meta;
        if (session === null) return attributeUnkeyed(topology.current(), node, clock.nowMs());
        // Gone with its sealed epoch: the name leads the store to the seal, which refuses the record.
        return meta ?? { contract: session.contract, epoch: session.token.epoch, closesAtMs: 0 };
    }
}
