'use client';

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useConfig } from '../../live/components/providers';
import type { Playback } from '../playback';
import { IDLE_STREAM, type StreamState, withNote } from '../stream-state';

export interface StreamControls {
    readonly state: StreamState;
    readonly configured: boolean;
    play(): void;
    stop(): void;
}

/** The player's libraries load when someone presses play. */
export function useStream(video: RefObject<HTMLVideoElement | null>): StreamControls {
    const { castUrl, providerUrl, streamPath } = useConfig();
    const [state, setState] = useState<StreamState>(IDLE_STREAM);
    const playback = useRef<Playback | null>(null);

    const stop = useCallback(() => {
        playback.current?.stop();
        playback.current = null;
        setState((old) => ({ ...old, phase: 'idle' }));
    }, []);

    const play = useCallback(() => {
        const element = video.current;
        if (!element || !castUrl || !streamPath) return;
        playback.current?.stop();
        setState({ ...IDLE_STREAM, phase: 'routing' });
        import('../playback').then(
            ({ startPlayback }) => {
                playback.current = startPlayback({
                    video: element,
                    castUrl,
                    streamPath,
                    providerUrl,
                    update: setState,
                });
            },
            () =>
                setState((old) =>
                    withNote({ ...old, phase: 'failed' }, 'The player could not be loaded. Reload the page.'),
                ),
        );
    }, [video, castUrl, providerUrl, streamPath]);

    useEffect(() => () => playback.current?.stop(), []);
    return { state, configured: castUrl !== null && streamPath !== null, play, stop };
}
