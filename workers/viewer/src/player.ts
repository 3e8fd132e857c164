import { failure, type Logger, sleep } from '@ocm/runtime';
import { PlaybackBuffer } from './buffer.js';
import type { ViewerConfig } from './config.js';
import { type HttpClient, MAX_OBJECT_BYTES } from './http.js';
import { StreamLoader } from './loader.js';
import { assertPlausibleMedia } from './media.js';
import { MAX_PLAYLIST_BYTES, type MediaSegment, type Playlist, parsePlaylist } from './playlist.js';
import { closeSession } from './relay-source.js';
import { chooseVariant, ThroughputEstimate } from './rendition.js';
import type { FetchedObject } from './source.js';
import type { Playback, PlaybackResult, PlaybackStore } from './state.js';

/** Media held ahead of the playhead at realtime pace; more would be fetched for a viewer who may leave. */
const MAX_BUFFER_MS = 6_000;
/** Receipts fall due while the player waits, so it never sleeps longer. */
const MAX_SLEEP_MS = 500;

export type PlayerDeps = {
    config: ViewerConfig;
    http: HttpClient;
    store: PlaybackStore;
    log: Logger;
    signal: AbortSignal;
};

/**
 * Plays a stream through, from where an earlier run of the same state folder stopped; tells the result again if it ended.
 * @throws MKT_VIEWER__* with the reason why it could not be played; the state stays for another try.
 */
export async function playStream(deps: PlayerDeps): Promise<PlaybackResult> {
    const state = await deps.store.load(deps.config.entryUrl);
    return state.result ?? new Player(deps, state).play();
}

class Player {
    readonly #deps: PlayerDeps;
    readonly #state: Playback;
    readonly #loader: StreamLoader;
    readonly #startedAtMs = performance.now();
    readonly #buffer = new PlaybackBuffer(this.#startedAtMs);
    readonly #throughput = new ThroughputEstimate();
    readonly #earlier: { elapsedMs: number; stalls: number };

    constructor(deps: PlayerDeps, state: Playback) {
        this.#deps = deps;
        this.#state = state;
        this.#earlier = { elapsedMs: state.elapsedMs, stalls: state.stalls };
        this.#loader = new StreamLoader({ ...deps, state, save: () => this.#save() });
    }

    async play(): Promise<PlaybackResult> {
        const state = this.#state;
        if (state.variants === null) await this.#loadMaster();
        for (;;) {
            await this.#sleepWhileBuffered(MAX_BUFFER_MS);
            const variant = this.#chooseVariant();
            const segment = (await this.#loadPlaylist(variant))[state.position];
            if (segment === undefined) break;
            await this.#loadSegment(variant, segment);
        }
        await this.#sleepWhileBuffered(0);
        await this.#loader.finish();
        // Erases the session's key, too: it has signed its last receipt.
        closeSession(state);
        state.result = this.#toResult();
        await this.#save();
        return state.result;
    }

    async #loadMaster(): Promise<void> {
        const { object, parsed } = await this.#fetchPlaylist([]);
        if (parsed.kind === 'master') this.#state.variants = parsed.variants;
        else {
            this.#state.variants = [{ uri: '', bandwidth: 0 }];
            this.#state.playlists = { 0: parsed.segments };
        }
        await this.#loader.complete(object);
    }

    async #loadPlaylist(variant: number): Promise<MediaSegment[]> {
        const known = this.#state.playlists[variant];
        if (known !== undefined) return known;
        const { object, parsed } = await this.#fetchPlaylist([this.#playlistUri(variant)]);
        const sibling = Object.values(this.#state.playlists)[0];
        if (parsed.kind === 'master' || (sibling !== undefined && sibling.length !== parsed.segments.length)) {
            throw failure(
                'MKT_VIEWER__PLAYLIST_INVALID',
                `${object.url} is no media playlist with the same segments as the other renditions`,
            );
        }
        this.#state.playlists[variant] = parsed.segments;
        await this.#loader.complete(object);
        return parsed.segments;
    }

    async #fetchPlaylist(uris: string[]): Promise<{ object: FetchedObject; parsed: Playlist }> {
        let parsed: Playlist | undefined;
        const object = await this.#loader.load(uris, MAX_PLAYLIST_BYTES, (body, url) => {
            parsed = parsePlaylist(body, url);
        });
        // The check ran: `load` returns only what passed it.
        return { object, parsed: parsed ?? parsePlaylist(object.body, object.url) };
    }

    async #loadSegment(variant: number, { uri, mapUri, durationSecs }: MediaSegment): Promise<void> {
        if (mapUri !== null) await this.#loadMap(variant, mapUri);
        const object = await this.#loader.load([this.#playlistUri(variant), uri], MAX_OBJECT_BYTES, (body, url) =>
            assertPlausibleMedia(body, 'segment', url),
        );
        this.#throughput.add(object.body.byteLength, object.totalMs);
        this.#loader.stalled(this.#buffer.append(durationSecs, performance.now()));
        this.#state.position += 1;
        await this.#loader.complete(object);
    }

    async #loadMap(variant: number, mapUri: string): Promise<void> {
        const key = `${variant}:${mapUri}`;
        if (this.#state.loadedMaps.includes(key)) return;
        const object = await this.#loader.load([this.#playlistUri(variant), mapUri], MAX_OBJECT_BYTES, (body, url) =>
            assertPlausibleMedia(body, 'init', url),
        );
        this.#state.loadedMaps.push(key);
        await this.#loader.complete(object);
    }

    #playlistUri(variant: number): string {
        return this.#state.variants?.[variant]?.uri ?? '';
    }

    #chooseVariant(): number {
        return chooseVariant(this.#state.variants ?? [], this.#deps.config.rendition, this.#throughput.bitsPerSecond);
    }

    /** At realtime pace: until no more than `limitMs` of media are ahead of the playhead. */
    async #sleepWhileBuffered(limitMs: number): Promise<void> {
        if (!this.#deps.config.realtime) return;
        for (;;) {
            const excessMs = this.#buffer.remainingMs(performance.now()) - limitMs;
            if (excessMs <= 0) return;
            await sleep(Math.min(MAX_SLEEP_MS, Math.ceil(excessMs)), this.#deps.signal);
            await this.#loader.tick();
        }
    }

    #save(): Promise<void> {
        this.#state.elapsedMs = this.#earlier.elapsedMs + Math.round(performance.now() - this.#startedAtMs);
        this.#state.stalls = this.#earlier.stalls + this.#buffer.stalls;
        const { startupMs } = this.#buffer;
        if (startupMs !== undefined) this.#state.startupMs ??= Math.round(startupMs);
        return this.#deps.store.save(this.#state);
    }

    #toResult(): PlaybackResult {
        const { position, bytes, closedBytes, delivery, startupMs } = this.#state;
        return {
            segments: position,
            bytes,
            acknowledgedBytes: Number(closedBytes),
            node: delivery?.kind === 'relay' ? delivery.node : null,
            delivery: delivery?.kind ?? 'traditional',
            stalls: this.#earlier.stalls + this.#buffer.stalls,
            startupMs: startupMs ?? 0,
            seconds: (this.#earlier.elapsedMs + Math.round(performance.now() - this.#startedAtMs)) / 1000,
        };
    }
}
