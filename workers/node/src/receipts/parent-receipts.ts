import { setTimeout as sleep } from 'node:timers/promises';
import { generateKeyPair } from '@ocm/sdk/core';
import {
    createMemorySessionStore,
    type SessionEvent,
    SessionKeeper,
    type SessionPorts,
    type SignedSession,
} from '@ocm/sdk/viewer';
import type { Clock, NodeLog } from '../ports.js';

/** A viewer waits for provider and parent together no longer than this; then the object comes without a session. */
const SETUP_WAIT_MS = 3_000;
/** For the receipt of what is under way, when the parent has given all its credit. */
const CREDIT_WAIT_MS = 5_000;
/** For the last receipts of a node that stops. */
const CLOSING_MS = 4_000;
/** One is used at a time; those before it wait for their last receipt at most. */
const MAX_GROWING_SESSIONS = 16;

export interface ParentReceiptsOptions {
    /** Base58 address and base URL of the parent. */
    node: string;
    nodeUrl: string;
    providerUrl: string;
    fetch: SessionPorts['fetch'];
    now: Clock;
    log: NodeLog;
}

/** This node as a client of one parent: holds the session there and signs for what arrives under it. */
export class ParentReceipts {
    /** Bytes that the parent has a receipt for. */
    signedBytes = 0n;
    readonly #options: ParentReceiptsOptions;
    readonly #keeper: SessionKeeper;
    readonly #stop = new AbortController();
    #preparing: Promise<SignedSession | null> | null = null;
    /** Acknowledged bytes by session, of the latest ones. */
    readonly #acknowledged = new Map<string, bigint>();
    #waiting: { session: string; resolve: (isTaken: boolean) => void }[] = [];

    constructor(options: ParentReceiptsOptions) {
        this.#options = options;
        const { fetch, now, providerUrl } = options;
        this.#keeper = new SessionKeeper(
            {
                fetch,
                now,
                createKey: async () => generateKeyPair(),
                store: createMemorySessionStore(),
                report: (event) => this.#tell(event),
                // Not awaited by anything that keeps the process alive; ends when the node stops.
                sleep: (durationMs) => sleep(durationMs, undefined, { signal: this.#stop.signal, ref: false }),
            },
            providerUrl,
        );
    }

    /** Null if there is none in time: the object is fetched all the same, without one. */
    async session(): Promise<SignedSession | null> {
        const { node, nodeUrl } = this.#options;
        this.#preparing ??= this.#keeper.sessionFor({ node, nodeUrl }).finally(() => {
            this.#preparing = null;
        });
        const patience = new AbortController();
        const late = sleep(SETUP_WAIT_MS, null, { signal: patience.signal, ref: false }).catch(() => null);
        try {
            return await Promise.race([this.#preparing, late]);
        } finally {
            patience.abort();
        }
    }

    /** After each chunk: signs when it is time. */
    arrived(session: SignedSession): void {
        this.#keeper.arrived(session).catch((error: unknown) => this.#lament(error));
    }

    /** After a response: signs at once or within the protocol's interval. */
    ended(session: SignedSession): void {
        this.#keeper.recorded(session).catch((error: unknown) => this.#lament(error));
    }

    /** Signs for all that arrived, so that the parent gives credit again. @returns false if it took no receipt */
    acknowledge(session: SignedSession): Promise<boolean> {
        return session.acknowledge().then(
            () => true,
            () => false,
        );
    }

    /** Resolves with the parent's next answer to a receipt of the session; false if there is none in time. */
    nextReceipt(session: SignedSession): Promise<boolean> {
        return new Promise((resolve) => {
            const waiting = {
                session: session.id,
                resolve: (isTaken: boolean) => {
                    clearTimeout(timer);
                    resolve(isTaken);
                },
            };
            const timer = setTimeout(() => {
                this.#waiting = this.#waiting.filter((one) => one !== waiting);
                resolve(false);
            }, CREDIT_WAIT_MS);
            timer.unref();
            this.#waiting.push(waiting);
        });
    }

    leave(session: SignedSession): void {
        this.#keeper.leave(session);
    }

    /** Signs for what is open, within a few seconds. */
    async close(): Promise<void> {
        const patience = new AbortController();
        const late = sleep(CLOSING_MS, undefined, { signal: patience.signal }).catch(() => undefined);
        await Promise.race([this.#keeper.settleAll(), late]);
        patience.abort();
        this.#stop.abort();
    }

    /** Who waits for the next receipt when the node stops is told that it stops. */
    #lament(error: unknown): void {
        if (!this.#stop.signal.aborted) this.#options.log.warn({ err: error }, 'a receipt was not sent');
    }

    #tell(event: SessionEvent): void {
        const { log, node, nodeUrl } = this.#options;
        const parent = { node, nodeUrl };
        if (event.type === 'receipt') this.#took(event);
        if (event.type === 'session') log.info({ ...parent, session: event.session }, 'session at the parent');
        else if (event.type === 'unsigned') log.warn({ ...parent, ...event }, 'the parent sends without receipts');
        else if (event.type === 'error') log.warn({ ...parent, ...event }, 'a receipt was not taken');
    }

    #took({ session, bytes }: Extract<SessionEvent, { type: 'receipt' }>): void {
        const waiting = this.#waiting.filter((one) => one.session === session);
        this.#waiting = this.#waiting.filter((one) => one.session !== session);
        for (const { resolve } of waiting) resolve(true);
        this.signedBytes += BigInt(bytes) - (this.#acknowledged.get(session) ?? 0n);
        this.#acknowledged.set(session, BigInt(bytes));
        const [oldest] = this.#acknowledged.keys();
        if (this.#acknowledged.size > MAX_GROWING_SESSIONS && oldest !== undefined) this.#acknowledged.delete(oldest);
    }
}
