import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settleCommitments } from '../src/settle-commitments.js';
import { createWorld, opensAt, type World } from './support/world.js';

let world: World;
const never = new AbortController().signal;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const run = () => settleCommitments(world.settleDeps(), never);
const nothing = { settled: 0, resolved: 0, expired: 0, closed: 0, waiting: 0, failed: 0 };

describe('settling', () => {
    it('settles what is co-signed and waits for the rest', async () => {
        world.addCommitment(world.contract.address, 0, 'cosignedFinal');
        world.addCommitment(world.contract.address, 1, 'committed');
        expect(await run()).toEqual({ ...nothing, settled: 1, waiting: 1 });
        expect(world.actions).toEqual(['settle 0']);
    });

    it('expires a commitment only after the co-sign window', async () => {
        world.addCommitment(world.contract.address, 0, 'committed');
        world.clock.nowSecs += 600;
        expect(await run()).toMatchObject({ waiting: 1 });
        world.clock.nowSecs += 1;
        expect(await run()).toMatchObject({ expired: 1 });
    });

    it('closes only after the commit window, since a closed epoch could be committed again', async () => {
        world.addCommitment(world.contract.address, 0, 'settled');
        world.clock.nowSecs = opensAt(0) + 40;
        expect(await run()).toMatchObject({ waiting: 1 });
        world.clock.nowSecs += 1;
        expect(await run()).toMatchObject({ closed: 1 });
    });

    it('goes on when one commitment cannot be moved, for example because another was faster', async () => {
        for (const epoch of [0, 1, 2]) world.addCommitment(world.contract.address, epoch, 'cosignedFinal');
        const { settle } = world.chain;
        world.chain.settle = async (contract, commitment, signal) => {
            if (commitment.epoch === 1) throw new Error('already settled');
            return settle(contract, commitment, signal);
        };
        expect(await run()).toEqual({ ...nothing, settled: 2, failed: 1 });
        expect(world.actions).toEqual(['settle 0', 'settle 2']);
    });

    it('stops at once when told to', async () => {
        world.addCommitment(world.contract.address, 0, 'cosignedFinal');
        const controller = new AbortController();
        controller.abort();
        await expect(settleCommitments(world.settleDeps(), controller.signal)).rejects.toThrow();
        expect(world.actions).toEqual([]);
    });
});
