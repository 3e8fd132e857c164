import { errorMessageOf, failure, type Logger, sleep } from '@ocm/runtime';
import { isMarketplaceError } from '@ocm/sdk/core';
import { NODE_HEADER, SESSION_HEADER } from '@ocm/sdk/http';
import { ClientSession, type SessionPeers } from './client-session.js';
import { headerOf, refusalOf } from './http.js';
import { isTransient, retryTransient, statusOf } from './retry.js';
import { type FetchedObject, type ObjectSource, toFetchedObject } from './source.js';
import type { Playback } from './state.js';

/** Payment required: the node has sent more than its credit allows without a receipt (protocol 6.4). */
const CREDIT_EXHAUSTED = 402;
/** A refusal of the session: the node forgot it, or the token's time or bytes are over. */
const SESSION_REFUSED = new Set([401, 403, 409, 410]);
/** Receipts and reopenings tried per attempt at an object, so that no answer of a node makes the player loop. */
const MAX_TURNS = 4;
const EPOCH_END_PAUSE_MS = 500;
/** Fresh tokens asked for per object, for the same reason. */
const MAX_RENEWALS = 3;

export type RelaySourceDeps = {
    state: Playback;
    save: () => Promise<void>;
    peers: SessionPeers;
    retryForMs: number;
    log: Logger;
};

/**
 * Delivery by a node: every object is fetched under a session and receipted. Survives a node that restarts (the session
 * is opened again and the last receipt sent again) and a token that is used up (a fresh one is asked for).
 */
export class RelaySource implements ObjectSource {
    readonly #deps: RelaySourceDeps;
    #session: ClientSession | undefined;
    #lastRefusal: unknown;

    constructor(deps: RelaySourceDeps) {
        this.#deps = deps;
        const { state, peers, save } = deps;
        if (state.session !== null) this.#session = ClientSession.resume(peers, state.session, save);
    }

    async get(url: string, maxBytes: number): Promise<FetchedObject> {
        const deadline = performance.now() + this.#deps.retryForMs;
        for (let renewals = 0; renewals <= MAX_RENEWALS; ) {
            const object = await this.#retry(() => this.#getOnce(url, maxBytes));
            if (object !== undefined && this.#session?.canRecord(object.body.byteLength) === true) return object;
            const isBornLate = this.#session?.isUnused === true && this.#session.isOver();
            await this.#leaveSession();
            // A token issued in the last moments of an epoch is over at once; the next epoch is a moment away.
            if (isBornLate && performance.now() < deadline) await sleep(EPOCH_END_PAUSE_MS, this.#deps.peers.signal);
            else renewals += 1;
        }
        const reason = errorMessageOf(this.#lastRefusal ?? 'credit and token are used up at once');
        throw failure(
            'MKT_VIEWER__SESSION_REFUSED',
            `the node refuses ${url} under every fresh token: ${reason}`,
            { url },
            this.#lastRefusal,
        );
    }

    complete(object: FetchedObject): void {
        this.#session?.record(object);
    }
    stalled(durationMs: number): void {
        this.#session?.recordStall(durationMs);
    }
    failed(): void {
        this.#session?.recordError();
    }

    async tick(): Promise<void> {
        const session = this.#session;
        if (session?.isReceiptDue() === true && !session.isExpired) await this.#acknowledge({ isLast: false });
    }

    async finish(): Promise<void> {
        await this.#acknowledge({ isLast: true });
    }

    /** Undefined: this session cannot get the object, a fresh one might. */
    async #getOnce(url: string, maxBytes: number): Promise<FetchedObject | undefined> {
        const { http, signal } = this.#deps.peers;
        for (let turn = 0; turn < MAX_TURNS; turn += 1) {
            const session = await this.#openSession();
            if (session === undefined || session.isOver()) return undefined;
            const answer = await http.send({ url, maxBytes, headers: { [SESSION_HEADER]: session.id }, signal });
            if (answer.status === 200) return toFetchedObject(url, answer);
            // A node puts its name on what it passes on: such a refusal is the origin's, and no session would get more.
            if (headerOf(answer, NODE_HEADER) !== undefined) throw refusalOf(url, answer);
            if (answer.status === CREDIT_EXHAUSTED) {
                if (!session.hasUnacknowledged && session.isConfirmed) return undefined;
                if (session.hasUnacknowledged) await session.makeReceipt();
                await this.#confirm(session);
            } else if (SESSION_REFUSED.has(answer.status)) session.closeConnection();
            else throw refusalOf(url, answer);
        }
        return undefined;
    }

    /** The session, open at the node; undefined if the node refuses to open it. */
    async #openSession(): Promise<ClientSession | undefined> {
        const { peers, state, save, log } = this.#deps;
        if (this.#session === undefined) {
            this.#session = await ClientSession.start(peers, save);
            state.session = this.#session.stored;
            await save();
        }
        try {
            await this.#session.open();
            return this.#session;
        } catch (error) {
            if (!isRefusal(error)) throw error;
            log.warn({ err: error }, 'the node refuses the session');
            this.#lastRefusal = error;
            return undefined;
        }
    }

    async #acknowledge({ isLast }: { isLast: boolean }): Promise<void> {
        const session = this.#session;
        if (session === undefined) return;
        if (session.hasUnacknowledged && !session.isExpired) await session.makeReceipt();
        try {
            if (!session.isConfirmed) await this.#retry(() => this.#confirm(session));
        } catch (error) {
            if (!isRefusal(error)) throw error;
            // Not to be healed by waiting; the provider still gets its copy, and the result tells what was confirmed.
            this.#deps.log.warn({ err: error }, 'the node refuses a receipt');
        }
        await session.copyToProvider({ isLast });
        await this.#deps.save();
    }

    async #confirm(session: ClientSession): Promise<void> {
        await session.open();
        try {
            await session.sendReceipt();
        } catch (error) {
            if (!SESSION_REFUSED.has(statusOf(error) ?? 0)) throw error;
            session.closeConnection();
            await session.open();
        }
    }

    /** Goes on without this session, keeping what the node confirmed of it. */
    async #leaveSession(): Promise<void> {
        await this.#acknowledge({ isLast: true });
        closeSession(this.#deps.state);
        this.#session = undefined;
        await this.#deps.save();
        this.#deps.log.info('the session is over: a fresh token is needed');
    }

    #retry<T>(run: () => Promise<T>): Promise<T> {
        const { retryForMs: forMs, log, peers } = this.#deps;
        return retryTransient(run, {
            forMs,
            signal: peers.signal,
            onRetry: (error) => {
                this.#session?.recordError();
                this.#session?.closeConnection();
                log.warn({ err: error }, 'node or provider is away: trying again');
            },
        });
    }
}

/** Moves a session's confirmed bytes to the closed ones. */
export function closeSession(state: Playback): void {
    if (state.session === null) return;
    state.closedBytes = (BigInt(state.closedBytes) + BigInt(state.session.confirmedBytes)).toString();
    state.session = null;
}

function isRefusal(error: unknown): boolean {
    const status = statusOf(error);
    return (status !== undefined && !isTransient(error)) || isMarketplaceError(error, 'MKT_SDK__RECEIPT_FOREIGN');
}
