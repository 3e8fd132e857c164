import { describe, expect, it } from 'vitest';
import { watchStalls } from '../../src/browser/stalls.js';

function createPlayer() {
    const media = new EventTarget() as EventTarget & { seeking?: boolean };
    const stalls: number[] = [];
    let nowMs = 0;
    const stop = watchStalls(
        media,
        (durationMs) => stalls.push(durationMs),
        () => nowMs,
    );
    const play = (...steps: [type: string, atMs: number][]) => {
        for (const [type, atMs] of steps) {
            nowMs = atMs;
            media.dispatchEvent(new Event(type));
        }
    };
    return { media, stalls, stop, play };
}

describe('stalls of a media element', () => {
    it('last from the moment it waits until it plays again', () => {
        const { stalls, play } = createPlayer();
        play(
            ['playing', 0],
            ['waiting', 1000],
            ['waiting', 1500],
            ['playing', 1750],
            ['waiting', 3000],
            ['playing', 3001],
        );
        expect(stalls).toEqual([750, 1]);
    });

    it('are neither its start nor its seeking nor another source', () => {
        const { media, stalls, play } = createPlayer();
        play(['waiting', 0], ['playing', 900], ['waiting', 1000], ['seeking', 1100], ['playing', 2000]);
        media.seeking = true;
        play(['waiting', 3000], ['playing', 4000]);
        media.seeking = false;
        play(['waiting', 5000], ['emptied', 5100], ['waiting', 6000], ['playing', 7000]);
        expect(stalls).toEqual([]);
    });

    it('are not told after watching has ended', () => {
        const { stalls, stop, play } = createPlayer();
        play(['playing', 0], ['waiting', 1000]);
        stop();
        play(['playing', 2000]);
        expect(stalls).toEqual([]);
    });
});
