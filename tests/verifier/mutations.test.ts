import { openMemory, rememberSignatures, verifyCopy, verifySignature } from '@ocm/verifier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, createRandom, type Mutation, mutate, namesRecord } from './mutate.js';
import { createWorld, type World } from './world.js';

const MUTATIONS = Number(process.env.OCM_MUTATIONS ?? 1_000);
const SEED = Number(process.env.OCM_SEED ?? 1);
/** Fourteen seconds on an idle machine; a busy one takes several times as long. */
const TIMEOUT_MS = 300_000;
const verify = rememberSignatures(verifySignature);
let world: World;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
    world = await createWorld();
    await world.deliver(0, {
        sla: { availabilityPpm: 980_000, errorPpm: 100, ttfbP95Ms: 80, stallPpm: 50, sessions: 3 },
    });
    await world.settle(0);
    await world.deliver(1, { viewers: 2, segments: 2 });
    await world.settle(1);
    for (const index of [0, 1, 8]) await world.withdraw(index);
    await world.close(0);
    await world.deliver(4, { viewers: 2, segments: 2 });
    ({ files } = await world.fetch());
});
afterAll(() => world.dispose());

describe('a copy with one changed byte', () => {
    it(
        `is told by the record that holds the byte, each of ${MUTATIONS} times`,
        async () => {
            const clean = await verifyCopy(openMemory(files), { contract: null, epoch: null, verify });
            expect(clean.findings.differences).toEqual([]);
            const random = createRandom(SEED);
            const missed: (Mutation & { told: unknown })[] = [];
            for (let count = 0; count < MUTATIONS; count += 1) {
                const mutation = mutate(files, random);
                const { findings } = await verifyCopy(openMemory(apply(files, mutation)), {
                    contract: null,
                    epoch: null,
                    verify,
                });
                const { differences } = findings;
                if (!namesRecord(differences, files.get(mutation.path) ?? new Uint8Array(), mutation))
                    missed.push({ ...mutation, told: differences.slice(0, 5) });
            }
            expect(missed).toEqual([]);
        },
        TIMEOUT_MS,
    );
});
