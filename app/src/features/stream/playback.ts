import { SESSION_HEADER } from '@ocm/sdk/http';
import Hls from 'hls.js';
import { createObservingLoader } from './observing-loader';
import { ReceiptKeeper } from './receipt-keeper';
import { explainRoute, fetchViewerAddress, type Route, routeViewer } from './route-viewer';
import { IDLE_STREAM, type StreamState, withNote } from './stream-state';

const TICK_MS = 1_000;
/** A refusal by session: forgotten, over, or used up; a fresh token may help. 402 waits for a receipt. */
const SESSION_REFUSED = new Set([401, 402, 403, 409, 410, 440]);

const describe = (error: unknown) => (error instanceof Error ? error.message : 'the cause is unknown.');

export interface PlaybackInput {
    readonly video: HTMLVideoElement;
    readonly castUrl: string;
    readonly streamPath: string;
    readonly providerUrl: string | null;
    readonly update: (change: (state: StreamState) => StreamState) => void;
}

export interface Playback {
    stop(): Promise<void>;
}

/** Routes, opens a session, plays and signs, until stopped. */
export function startPlayback(input: PlaybackInput): Playback {
    const { video, castUrl, streamPath, providerUrl, update } = input;
    const abort = new AbortController();
    const cleanups: (() => void)[] = [];
    const note = (words: string) => update((state) => withNote(state, words));
    let keeper: ReceiptKeeper | null = null;

    const fail = (error: unknown) => {
        if (abort.signal.aborted) return;
        note(error instanceof Error ? error.message : 'The stream could not be played.');
        update((state) => ({ ...state, phase: 'failed' }));
    };

    async function run(): Promise<void> {
        update(() => ({ ...IDLE_STREAM, phase: 'routing' }));
        // The policy of this page names the nodes known when it was loaded.
        const onViolation = (event: SecurityPolicyViolationEvent) => {
            if (event.effectiveDirective === 'connect-src')
                note(
                    `This page may not ask ${event.blockedURI}: reload it if a node joined since; for traditional delivery its server needs ORIGIN_URL.`,
                );
        };
        document.addEventListener('securitypolicyviolation', onViolation);
        cleanups.push(() => document.removeEventListener('securitypolicyviolation', onViolation));
        const route = await routeViewer(new URL(streamPath, castUrl).toString(), abort.signal);
        update((state) => ({
            ...state,
            phase: 'opening',
            delivery: route.kind,
            servedBy: new URL(route.url).host,
            node: route.kind === 'node' ? route.node : null,
        }));
        void explain();
        keeper = createKeeper(route);
        await keeper?.ensure();
        if (!abort.signal.aborted) play(route);
    }

    /** Beside the point of playing: when it fails, it is a note. */
    async function explain(): Promise<void> {
        try {
            const viewerAddress = await fetchViewerAddress(abort.signal);
            const explanation = await explainRoute(castUrl, { path: streamPath, viewerAddress }, abort.signal);
            update((state) => ({ ...state, explanation }));
        } catch (error) {
            if (!abort.signal.aborted) note(`The router did not explain itself: ${describe(error)}`);
        }
    }

    function createKeeper(route: Route): ReceiptKeeper | null {
        if (route.kind !== 'node') return null;
        if (providerUrl === null) {
            note('Playing without receipts: no content provider is configured (PROVIDER_URL).');
            return null;
        }
        const nodeOrigin = new URL(route.url).origin;
        return new ReceiptKeeper({ node: route.node, nodeOrigin, providerUrl, signal: abort.signal, update, note });
    }

    function play(route: Route): void {
        if (!Hls.isSupported()) throw new Error('This browser has no Media Source Extensions, which the player needs.');
        const hls = new Hls({
            loader: createObservingLoader({
                beforeLoad: async () => keeper?.ensure(),
                onObject: (object) => {
                    if (keeper?.sessionId) return keeper.record(object);
                    const bytes = BigInt(object.lengthBytes);
                    update((state) => ({
                        ...state,
                        receivedBytes: state.receivedBytes + bytes,
                        objects: state.objects + 1,
                    }));
                },
                onRefused: async (status) => (SESSION_REFUSED.has(status) && keeper ? keeper.renew() : false),
                onFailed: () => keeper?.recordError(),
            }),
            xhrSetup: (xhr, url) => {
                // The session is the node's business only; another origin must not learn it.
                const id = keeper?.sessionId;
                if (id && new URL(url, location.href).origin === keeper?.nodeOrigin)
                    xhr.setRequestHeader(SESSION_HEADER, id);
            },
        });
        hls.on(Hls.Events.ERROR, (_, data) => {
            if (data.fatal) fail(new Error(`The player stopped: ${data.details}. The stream or its node may be away.`));
        });
        // Everything is fetched: this is the session's end for the node, whatever is still to be watched.
        hls.on(Hls.Events.BUFFER_EOS, () => void keeper?.finish());
        hls.loadSource(route.url);
        hls.attachMedia(video);
        cleanups.push(() => hls.destroy());
        watchVideo();
        const timer = setInterval(() => keeper?.tick(), TICK_MS);
        cleanups.push(() => clearInterval(timer));
        // Autoplay may be refused; the video's own controls then start it.
        void video.play().catch(() => undefined);
    }

    function watchVideo(): void {
        let stalledAtMs: number | null = null;
        let started = false;
        const listeners: [string, () => void][] = [
            [
                'playing',
                () => {
                    if (stalledAtMs !== null) keeper?.recordStall(Date.now() - stalledAtMs);
                    stalledAtMs = null;
                    started = true;
                    update((state) => ({ ...state, phase: 'playing' }));
                },
            ],
            [
                'waiting',
                () => {
                    // Filling the buffer before the first picture is start-up, not a stall.
                    if (started) stalledAtMs ??= Date.now();
                },
            ],
            [
                'ended',
                () => {
                    update((state) => ({ ...state, phase: 'ended' }));
                    void keeper?.finish();
                },
            ],
            ['pause', () => void keeper?.finish()],
        ];
        for (const [name, listener] of listeners) video.addEventListener(name, listener);
        const onHide = () => void keeper?.finish();
        addEventListener('pagehide', onHide);
        cleanups.push(() => {
            for (const [name, listener] of listeners) video.removeEventListener(name, listener);
            removeEventListener('pagehide', onHide);
        });
    }

    run().catch(fail);
    return {
        async stop() {
            for (const cleanup of cleanups.splice(0)) cleanup();
            await keeper?.finish();
            abort.abort();
        },
    };
}
