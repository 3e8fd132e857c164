import { openMemory, verifyCopy } from '@ocm/verifier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
let files: Map<string, Uint8Array>;
beforeAll(async () => {
    world = await createWorld();
    await world.deliver(0, {
        sla: { availabilityPpm: 980_000, errorPpm: 100, ttfbP95Ms: 80, stallPpm: 50, sessions: 3 },
    });
    await world.settle(0);
    await world.deliver(1);
    await world.settle(1);
    for (const index of [0, 1, 8]) await world.withdraw(index);
    await world.deliver(2, { viewers: 2, segments: 2 });
    ({ files } = await world.fetch());
});
afterAll(() => world.dispose());

describe('a verified contract', () => {
    it('agrees in every line with what the chain paid', async () => {
        const { findings, ledger } = await verifyCopy(openMemory(files), { contract: null, epoch: null });
        console.log(
            [...files.keys()],
            [...files.values()].reduce((a, b) => a + b.length, 0),
            findings.notes,
        );
        expect(findings.differences).toEqual([]);
        const contract = await world.contract();
        expect(ledger.contract?.owed).toEqual(contract.owed);
    });
});
