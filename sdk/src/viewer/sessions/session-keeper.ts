import { isMarketplaceError } from '../../core/error.js';
import type { SessionPorts, StoredSession } from './ports.js';
import { reportError } from './report.js';
import type { SessionPeer } from './session-peers.js';
import { startSession } from './session-peers.js';
import { SignedSession } from './signed-session.js';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** A token issued in the last moments of an epoch is over at once; the next epoch is a moment away. */
const EPOCH_END_PAUSE_MS = 500;
const MAX_TOKENS = 4;

/** Holds the sessions of one receiver: one to receive under, and those that wait for their last receipt. */
export class SessionKeeper {
    readonly #ports: SessionPorts;
    readonly #providerUrl: string;
    #current: SignedSession | null = null;
    readonly #retired = new Set<SignedSession>();
    #restoring: Promise<void> | null = null;
    readonly #flushes = new WeakMap<SignedSession, Promise<void>>();
    #askAgainAtMs = 0;
    #pauseMs = FIRST_PAUSE_MS;

    constructor(ports: SessionPorts, providerUrl: string) {
        this.#ports = ports;
        this.#providerUrl = providerUrl;
    }

    /** A session that is open at the node, or null: then the media is asked for without one. */
    async sessionFor({ node, nodeUrl }: Omit<SessionPeer, 'providerUrl'>): Promise<SignedSession | null> {
        await this.#restored();
        const current = this.#current;
        if (current !== null && (current.isOver || current.nodeUrl !== nodeUrl)) this.leave(current);
        if (this.#current === null && this.#ports.now() < this.#askAgainAtMs) return null;
        for (let isFresh = this.#current === null; ; isFresh = true) {
            try {
                this.#current ??= await this.#start({ node, nodeUrl, providerUrl: this.#providerUrl });
                await this.#current.open();
                this.#pauseMs = FIRST_PAUSE_MS;
                return this.#current;
            } catch (error) {
                if (isFresh || !this.#current?.isOver) {
                    this.#pause(error);
                    return null;
                }
                // The node has lost what it knew of it, and would take no receipt of it any more: a fresh one starts at nothing.
                reportError(this.#ports, error);
                this.leave(this.#current);
            }
        }
    }

    /** Nothing more is asked for under this session; what is recorded of it is still signed for. */
    leave(session: SignedSession): void {
        if (this.#current === session) this.#current = null;
        this.#retired.add(session);
        // Those whose tokens ended meanwhile have nothing to wait for.
        for (const other of this.#retired) void this.#forgetIfDone(other);
        void this.#settle(session);
    }

    recordStall(durationMs: number): void {
        this.#current?.recordStall(durationMs);
    }

    /** After each chunk of a response: signs when it is time. */
    async arrived(session: SignedSession): Promise<void> {
        session.cutPartsIfCreditIsLow();
        if (session.isReceiptDue) await this.recorded(session);
    }

    /** After bytes were recorded: signs when it is time, and in any case before the protocol's interval is over. */
    async recorded(session: SignedSession): Promise<void> {
        await session.save().catch((error: unknown) => reportError(this.#ports, error));
        if (session.isReceiptDue || this.#retired.has(session)) await this.#settle(session);
        if (session.isSettled) return;
        const pending = this.#flushes.get(session);
        if (pending !== undefined) return pending;
        const flush = this.#flush(session).finally(() => this.#flushes.delete(session));
        this.#flushes.set(session, flush);
        return flush;
    }

    /** Signs for everything that is open, in the sessions of earlier lives too. */
    async settleAll(): Promise<void> {
        await this.#restored();
        const open = this.#current === null ? [...this.#retired] : [this.#current, ...this.#retired];
        await Promise.all(open.map((session) => this.#settle(session)));
    }

    /** A node or provider that is away for a moment gets its receipt without waiting for more media. */
    async #flush(session: SignedSession): Promise<void> {
        await this.#ports.sleep(session.dueInMs);
        await this.#settle(session);
        for (let pauseMs = FIRST_PAUSE_MS; !session.isSettled && pauseMs < LONGEST_PAUSE_MS; pauseMs *= 2) {
            await this.#ports.sleep(pauseMs);
            await this.#settle(session);
        }
    }

    async #settle(session: SignedSession): Promise<void> {
        try {
            await session.acknowledge();
        } catch (error) {
            reportError(this.#ports, error);
        }
        await this.#forgetIfDone(session);
    }

    /** Erases the key, too: it has signed its last receipt. */
    async #forgetIfDone(session: SignedSession): Promise<void> {
        if (!this.#retired.has(session) || session.isReceiving || !session.isSettled) return;
        this.#retired.delete(session);
        await this.#ports.store.remove(session.id).catch((error: unknown) => reportError(this.#ports, error));
    }

    #restored(): Promise<void> {
        this.#restoring ??= this.#restore().catch((error: unknown) => reportError(this.#ports, error));
        return this.#restoring;
    }

    async #restore(): Promise<void> {
        for (const stored of await this.#ports.store.takeOver()) {
            const session = await this.#resume(stored);
            if (session === null) continue;
            if (this.#current === null && !session.isOver) this.#current = session;
            else this.leave(session);
        }
    }

    async #resume(stored: StoredSession): Promise<SignedSession | null> {
        try {
            return new SignedSession(this.#ports, this.#providerUrl, stored);
        } catch (error) {
            reportError(this.#ports, error);
            await this.#ports.store.remove(stored.id);
            return null;
        }
    }

    async #start(peer: SessionPeer): Promise<SignedSession> {
        for (let tokens = 1; ; tokens += 1) {
            const session = new SignedSession(this.#ports, this.#providerUrl, await startSession(this.#ports, peer));
            if (!session.isOver || tokens === MAX_TOKENS) return session;
            await this.#ports.store.remove(session.id);
            await this.#ports.sleep(EPOCH_END_PAUSE_MS);
        }
    }

    /** The media goes on without receipts; who can make no key today can make none in a minute either. */
    #pause(error: unknown): void {
        reportError(this.#ports, error, 'unsigned');
        if (this.#current?.isOver) this.leave(this.#current);
        const isHopeless = isMarketplaceError(error, 'MKT_SDK__SIGNER_UNSUPPORTED');
        this.#askAgainAtMs = isHopeless ? Number.POSITIVE_INFINITY : this.#ports.now() + this.#pauseMs;
        this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    }
}
