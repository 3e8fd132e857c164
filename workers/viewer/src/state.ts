import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeIssues, errorCodeOf, errorMessageOf, failure, writeFileAtomic } from '@ocm/runtime';
import { address, base64Of, SIGNATURE_BYTES, TOKEN_BYTES, u64String } from '@ocm/sdk/http';
import { z } from 'zod';
import { mediaSegment, variant } from './playlist.js';

const STATE_FILE = 'playback.json';
/** It holds the session's secret key. */
const STATE_FILE_MODE = 0o600;

const count = z.number().int().nonnegative();

export const delivery = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('relay'), node: address, masterUrl: z.url() }),
    z.object({ kind: z.literal('traditional'), masterUrl: z.url() }),
]);
export type Delivery = z.infer<typeof delivery>;

export const storedSession = z.object({
    node: address,
    /** Fresh for this token (security.md 3.2, P1). */
    secretSeed: base64Of(32),
    token: base64Of(TOKEN_BYTES),
    tokenSignature: base64Of(SIGNATURE_BYTES),
    /** `ReceiptSession.toState()`; the SDK validates it. */
    receipts: z.unknown(),
    /** `seq` and bytes of the highest receipt that the node confirmed, `seq` of the highest copy at the provider. */
    confirmedSeq: count,
    confirmedBytes: u64String,
    copiedSeq: count,
    /** The cluster's clock less this machine's. */
    clusterOffsetMs: z.number().int().default(0),
});
export type StoredSession = z.infer<typeof storedSession>;

export const playbackResult = z.object({
    segments: count,
    bytes: count,
    acknowledgedBytes: count,
    node: address.nullable(),
    delivery: z.enum(['relay', 'traditional']),
    stalls: count,
    startupMs: count,
    seconds: z.number().nonnegative(),
});
/** The line that the viewer prints at its end. `bytes` and `acknowledgedBytes` count complete objects, each once. */
export type PlaybackResult = z.infer<typeof playbackResult>;

const playback = z.object({
    version: z.literal(1),
    entryUrl: z.string(),
    delivery: delivery.nullable(),
    session: storedSession.nullable(),
    /** Confirmed bytes of sessions that were left for a fresh token or another node. */
    closedBytes: u64String,
    variants: z.array(variant).nullable(),
    /** Segments by index of the variant, as far as its playlist was fetched. */
    playlists: z.record(z.string(), z.array(mediaSegment)),
    /** Initialisation sections that were fetched, as `variant:uri`. */
    loadedMaps: z.array(z.string()).max(1000),
    /** Index of the next segment. */
    position: count,
    bytes: count,
    stalls: count,
    startupMs: count.nullable(),
    /** Wall time of all runs so far. */
    elapsedMs: count,
    result: playbackResult.nullable(),
});
export type Playback = z.infer<typeof playback>;

/** The playback's state on disk: whole or not at all, so that a kill at any moment loses at most the object in flight. */
export class PlaybackStore {
    readonly #path: string;

    constructor(stateDir: string) {
        this.#path = join(stateDir, STATE_FILE);
    }

    /** @throws MKT_VIEWER__STATE_INVALID, MKT_VIEWER__STATE_OF_OTHER_STREAM, both naming the file. */
    async load(entryUrl: string): Promise<Playback> {
        let text: string;
        try {
            text = await readFile(this.#path, 'utf8');
        } catch (error) {
            if (errorCodeOf(error) === 'ENOENT') return emptyPlayback(entryUrl);
            throw this.#invalid(errorMessageOf(error));
        }
        const result = playback.safeParse(parseJson(text));
        if (!result.success) throw this.#invalid(describeIssues(result.error));
        if (result.data.entryUrl === entryUrl) return result.data;
        throw failure(
            'MKT_VIEWER__STATE_OF_OTHER_STREAM',
            `${this.#path} holds a playback of ${result.data.entryUrl}; use another stateDir or delete it`,
            { path: this.#path },
        );
    }

    save(state: Playback): Promise<void> {
        return writeFileAtomic(this.#path, JSON.stringify(state), STATE_FILE_MODE);
    }

    #invalid(reason: string): Error {
        return failure(
            'MKT_VIEWER__STATE_INVALID',
            `${this.#path} cannot be read: ${reason}; move it away to play from the start (receipts sent stay valid)`,
            { path: this.#path },
        );
    }
}

function emptyPlayback(entryUrl: string): Playback {
    return {
        version: 1,
        entryUrl,
        delivery: null,
        session: null,
        closedBytes: '0',
        variants: null,
        playlists: {},
        loadedMaps: [],
        position: 0,
        bytes: 0,
        stalls: 0,
        startupMs: null,
        elapsedMs: 0,
        result: null,
    };
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
