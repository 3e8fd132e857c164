import { describe, expect, it } from 'vitest';
import { A, ADDRESS, createWorld, NODE } from './world.js';

describe('a page that comes to a service worker at work', () => {
    it('is told where media comes from and how far the session is, which is no news to the others', async () => {
        const world = createWorld();
        const worker = world.wake();
        expect((await worker.play('a.m4s')).body).toEqual(A);
        await worker.sessions.settleAll();
        world.events.length = 0;
        await worker.keeper.source();
        expect(world.events).toEqual([]);

        await worker.keeper.greet();
        const [id] = world.sessions.keys();
        expect(world.events).toEqual([
            { type: 'located', node: ADDRESS, url: NODE },
            { type: 'session', session: id, node: ADDRESS, epoch: 4, bytes: String(A.length) },
        ]);
    });

    it('is told of traditional delivery where there is no node', async () => {
        const world = createWorld();
        world.location = 'http://origin.test/';
        const worker = world.wake();
        await worker.keeper.greet();
        expect(world.events).toEqual([{ type: 'located', node: null, url: 'http://origin.test/' }]);
    });
});
