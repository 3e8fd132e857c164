import { describe, expect, it } from 'vitest';
import { PlaybackBuffer } from './buffer.js';

describe('a playback buffer', () => {
    it('starts with the first segment and never stalls while segments are in time', () => {
        const buffer = new PlaybackBuffer(1000);
        expect(buffer.append(2, 1300)).toBe(0);
        expect(buffer.append(2, 3300)).toBe(0);
        expect(buffer).toMatchObject({ startupMs: 300, stalls: 0 });
        expect(buffer.remainingMs(3300)).toBe(2000);
    });

    it('stands still from the moment it ran dry until the next segment', () => {
        const buffer = new PlaybackBuffer(0);
        buffer.append(2, 0);
        expect(buffer.append(2, 2750)).toBe(750);
        expect(buffer.append(2, 3000)).toBe(0);
        expect(buffer.stalls).toBe(1);
        expect(buffer.remainingMs(3000)).toBe(3750);
    });

    it('counts one stall however often it is asked', () => {
        const buffer = new PlaybackBuffer(0);
        buffer.append(1, 0);
        for (const now of [1500, 1600, 1700]) buffer.advance(now);
        expect(buffer.stalls).toBe(1);
        expect(buffer.append(1, 1800)).toBe(800);
    });

    it('takes the end of the stream for no stall', () => {
        const buffer = new PlaybackBuffer(0);
        buffer.append(1, 0);
        expect(buffer.remainingMs(5000)).toBe(0);
        expect(buffer.stalls).toBe(0);
    });

    it('ignores a clock that goes back', () => {
        const buffer = new PlaybackBuffer(0);
        buffer.append(2, 100);
        buffer.advance(50);
        expect(buffer.remainingMs(100)).toBe(2000);
    });
});
