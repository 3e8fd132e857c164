import { describe, expect, it } from 'vitest';
import { forEachConcurrently } from '../src/concurrent.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('running concurrently', () => {
    it('begins in order, with so many at a time and no more', async () => {
        const begun: number[] = [];
        let [running, most] = [0, 0];
        await forEachConcurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
            begun.push(item);
            running += 1;
            most = Math.max(most, running);
            await turn();
            running -= 1;
        });
        expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
        expect(most).toBe(3);
    });

    it('begins nothing more after an error, and lets what runs come to its end', async () => {
        const ended: number[] = [];
        const run = forEachConcurrently([1, 2, 3, 4], 2, async (item) => {
            if (item === 1) throw new Error('stop');
            await turn();
            ended.push(item);
        });
        await expect(run).rejects.toThrow('stop');
        expect(ended).toEqual([2]);
    });

    it('does nothing with nothing', async () => {
        await forEachConcurrently([], 3, async () => {
            throw new Error('never');
        });
    });
});
