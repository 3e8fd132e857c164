import { createHash } from 'node:crypto';
import { isMarketplaceError } from '@ocm/sdk/core';
import { type HttpAnswer, type HttpClient, refusalOf } from './http.js';
import { retryTransient } from './retry.js';

/** An object that arrived whole. */
export type FetchedObject = { url: string; body: Uint8Array; sha256: Uint8Array; ttfbMs: number; totalMs: number };

/** Where objects come from: a node with receipts, or the origin. The player says what it made of them. */
export interface ObjectSource {
    /** Fetches one object, again and again while the failure may pass. */
    get(url: string, maxBytes: number): Promise<FetchedObject>;
    /** The object is whole and plausible and counts once; synchronous, so that it is saved together with the position. */
    complete(object: FetchedObject): void;
    stalled(durationMs: number): void;
    failed(): void;
    /** Sends a receipt if one is due. */
    tick(): Promise<void>;
    /** Settles everything that is open. */
    finish(): Promise<void>;
}

export function toFetchedObject(url: string, { body, ttfbMs, totalMs }: HttpAnswer): FetchedObject {
    return { url, body, sha256: new Uint8Array(createHash('sha256').update(body).digest()), ttfbMs, totalMs };
}

/** Traditional delivery: plain HTTP from the origin; nobody is paid by it, so there are no receipts. */
export class OriginSource implements ObjectSource {
    readonly #http: HttpClient;
    readonly #options: { retryForMs: number; signal: AbortSignal };

    constructor(http: HttpClient, options: { retryForMs: number; signal: AbortSignal }) {
        this.#http = http;
        this.#options = options;
    }

    async get(url: string, maxBytes: number): Promise<FetchedObject> {
        const { retryForMs: forMs, signal } = this.#options;
        const answer = await retryTransient(
            async () => {
                const received = await this.#http.send({ url, maxBytes, signal });
                if (received.status !== 200) throw refusalOf(url, received);
                return received;
            },
            { forMs, signal },
        );
        return toFetchedObject(url, answer);
    }

    complete(): void {}
    stalled(): void {}
    failed(): void {}
    async tick(): Promise<void> {}
    async finish(): Promise<void> {}
}

export function isUnreachable(error: unknown): boolean {
    return isMarketplaceError(error, 'MKT_VIEWER__PEER_UNREACHABLE');
}
