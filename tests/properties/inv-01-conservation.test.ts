import { describe, expect, it } from 'vitest';
import { expectConserved } from '../support/index.js';
import { walk } from './walk.js';

describe('INV-1, conservation', () => {
    it('no unit comes or goes, the stake vault holds the stakes, and the escrow covers what it owes', async () => {
        const seen = await walk(
            async ({ world, after: { contract, vaultBalance } }) => {
                await expectConserved(world.ledger);
                const owed = contract.owed.reduce((sum, amount) => sum + amount, contract.heldTotal);
                expect(vaultBalance).toBeGreaterThanOrEqual(owed + contract.openGross);
            },
            { seed: 1 },
        );
        expect([...seen]).toEqual(expect.arrayContaining(['settled', 'failed']));
    });
});
