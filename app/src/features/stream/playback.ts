import type { ReceiptEvent } from '@ocm/sdk/browser';
import Hls from 'hls.js';
import { createCountingLoader } from './counting-loader';
import { explainRoute, fetchViewerAddress } from './explain-route';
import { receipts } from './receipts';
import { IDLE_STREAM, type StreamState, withEvent, withNote, withObject } from './stream-state';

const describe = (error: unknown) => (error instanceof Error ? error.message : 'the cause is unknown.');

export interface PlaybackInput {
    readonly video: HTMLVideoElement;
    readonly castUrl: string;
    readonly streamPath: string;
    readonly providerUrl: string | null;
    readonly update: (change: (state: StreamState) => StreamState) => void;
}

export interface Playback {
    stop(): void;
}

/** Plays the router's URL, as any player would, and shows what the SDK's service worker makes of it; until stopped. */
export function startPlayback(input: PlaybackInput): Playback {
    const { video, castUrl, streamPath, providerUrl, update } = input;
    const abort = new AbortController();
    const cleanups: (() => void)[] = [];
    const note = (words: string) => update((state) => withNote(state, words));
    const on = <T extends Event>(target: EventTarget, type: string, listener: (event: T) => void) => {
        target.addEventListener(type, listener as EventListener);
        cleanups.push(() => target.removeEventListener(type, listener as EventListener));
    };

    const fail = (error: unknown) => {
        if (abort.signal.aborted) return;
        note(error instanceof Error ? error.message : 'The stream could not be played.');
        update((state) => ({ ...state, phase: 'failed' }));
    };

    async function run(): Promise<void> {
        update(() => ({ ...IDLE_STREAM, phase: 'routing' }));
        // The policy of this page names the nodes known when it was loaded; where there is a service worker, its own counts.
        on<SecurityPolicyViolationEvent>(document, 'securitypolicyviolation', (event) => {
            if (event.effectiveDirective === 'connect-src')
                note(
                    `This page may not ask ${event.blockedURI}: reload it if a node joined since; for traditional delivery its server needs ORIGIN_URL.`,
                );
        });
        const isReceipted = await openReceipts();
        void explain(isReceipted);
        if (!abort.signal.aborted) play();
    }

    async function openReceipts(): Promise<boolean> {
        if (providerUrl === null) {
            note('Playing without receipts: no content provider is configured (PROVIDER_URL).');
            return false;
        }
        const hear = (event: ReceiptEvent) => update((state) => withEvent(state, event));
        cleanups.push(() => receipts.close(hear));
        try {
            const client = await receipts.open({ castUrl, providerUrl, streamPath }, hear);
            cleanups.push(() => client.finish());
            return client.isActive;
        } catch (error) {
            note(`Playing without receipts: ${describe(error)}`);
            return false;
        }
    }

    /** Beside the point of playing: when it fails, it is a note. */
    async function explain(isReceipted: boolean): Promise<void> {
        try {
            const viewerAddress = await fetchViewerAddress(abort.signal);
            const explanation = await explainRoute(castUrl, { path: streamPath, viewerAddress }, abort.signal);
            update((state) => ({ ...state, explanation }));
            const { node, location: url } = explanation;
            // Nobody else says who serves.
            if (!isReceipted) update((state) => withEvent(state, { type: 'located', node, url }));
        } catch (error) {
            if (!abort.signal.aborted) note(`The router did not explain itself: ${describe(error)}`);
        }
    }

    function play(): void {
        if (!Hls.isSupported()) throw new Error('This browser has no Media Source Extensions, which the player needs.');
        const hls = new Hls({
            loader: createCountingLoader((lengthBytes) => update((state) => withObject(state, lengthBytes))),
        });
        hls.on(Hls.Events.ERROR, (_, data) => {
            if (data.fatal) fail(new Error(`The player stopped: ${data.details}. The stream or its node may be away.`));
        });
        hls.loadSource(new URL(streamPath, castUrl).href);
        hls.attachMedia(video);
        cleanups.push(() => hls.destroy());
        on(video, 'playing', () => update((state) => ({ ...state, phase: 'playing' })));
        on(video, 'ended', () => update((state) => ({ ...state, phase: 'ended' })));
        // Autoplay may be refused; the video's own controls then start it.
        void video.play().catch(() => undefined);
    }

    run().catch(fail);
    return {
        stop() {
            abort.abort();
            for (const cleanup of cleanups.splice(0)) cleanup();
        },
    };
}
