import { describe, expect, it } from 'vitest';
import { NODE_HEADER } from '../../src/http/index.js';
import { A, ADDRESS, createWorld, hostsOf, NODE, ORIGIN, OTHER_NODE, refuse } from './world.js';
import { createStore } from './world-store.js';

describe('media under a service worker that signs', () => {
    it('comes traditionally from a node that is dead, and from it again under the same session once it lives', async () => {
        const world = createWorld();
        const worker = world.wake();
        await worker.play('a.m4s');
        world.down.add(NODE);
        for (let turn = 0; turn < 2; turn += 1) expect((await worker.play('a.m4s')).body).toEqual(A);
        expect(hostsOf(world)).toEqual([NODE, ORIGIN, ORIGIN]);
        world.down.clear();
        await world.advance(2_000);
        await worker.play('a.m4s');
        await worker.sessions.settleAll();
        expect(hostsOf(world).at(-1)).toBe(NODE);
        expect([world.sessions.size, world.last.receipted]).toEqual([1, 2000]);
    });

    it('comes from the node that the router names next, and the dead one gets its receipt when it lives', async () => {
        const world = createWorld();
        const worker = world.wake();
        await worker.play('a.m4s');
        world.down.add(NODE);
        world.location = `${OTHER_NODE}/`;
        for (let turn = 0; turn < 2; turn += 1) expect((await worker.play('a.m4s')).body).toEqual(A);
        await worker.sessions.settleAll();
        expect(hostsOf(world)).toEqual([NODE, OTHER_NODE, OTHER_NODE]);
        expect([...world.sessions.values()].map(({ receipted }) => receipted)).toEqual([0, 2000]);
        world.down.clear();
        await worker.sessions.settleAll();
        expect([...world.sessions.values()].map(({ receipted }) => receipted)).toEqual([1000, 2000]);
    });

    it.each([
        ['once: the session is opened again', 1, [2000]],
        ['for good: a fresh one takes its place', 2, [1000, 1000]],
    ])('survives a node that forgot its session %s', async (_, times, receipted) => {
        const world = createWorld();
        const worker = world.wake();
        await worker.play('a.m4s');
        let refusals = 0;
        world.answers.set('/demo/a.m4s', () => {
            refusals += 1;
            if (refusals === times) world.answers.clear();
            return refuse(401, 'SESSION_UNKNOWN');
        });
        expect((await worker.play('a.m4s')).body).toEqual(A);
        await worker.sessions.settleAll();
        expect([...world.sessions.values()].map((session) => session.receipted)).toEqual(receipted);
    });

    it.each([401, 402, 403, 409, 410])(
        'keeps its session when the node passes on an answer %i of the origin, which is then asked itself',
        async (status) => {
            const world = createWorld();
            const worker = world.wake();
            await worker.play('a.m4s');
            let refusals = 0;
            world.answers.set(`${NODE}/demo/b.m4s`, () => {
                refusals += 1;
                return new Response('not yet', { status, headers: { [NODE_HEADER]: ADDRESS } });
            });
            await worker.play('b.m4s');
            expect(refusals).toBe(1);
            expect((await worker.play('a.m4s')).body).toEqual(A);
            await worker.sessions.settleAll();
            // No byte of the refusal is in the receipt either: the node has not counted any.
            expect([world.tokens, world.sessions.size, world.last.receipted]).toEqual([1, 1, 2000]);
            expect([hostsOf(world), world.codes('error')]).toEqual([[NODE, ORIGIN, NODE], []]);
        },
    );

    it('takes a fresh session when the node wants receipts for what never arrived', async () => {
        const world = createWorld();
        const worker = world.wake();
        await worker.play('a.m4s');
        world.last.handed += 9 * 1024 * 1024;
        expect((await worker.play('a.m4s')).body).toEqual(A);
        expect(world.sessions.size).toBe(2);
    });

    it('takes a fresh session for the next epoch, and signs the last of the old one', async () => {
        const world = createWorld();
        world.tokenSecs = 8;
        const worker = world.wake(createStore().open());
        await worker.play('a.m4s');
        world.nowMs += 6_000;
        await worker.play('a.m4s');
        await worker.sessions.settleAll();
        expect([...world.sessions.values()].map(({ receipted }) => receipted)).toEqual([1000, 1000]);
    });
});
