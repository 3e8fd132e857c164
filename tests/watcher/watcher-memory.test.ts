import { decodeLeaf, fromBase64 } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { readCommitment } from '../support/index.js';
import { createWatch, type Watch } from './world.js';

let watch: Watch;
afterEach(() => watch.dispose());

const commitmentOf = (address: string) => readCommitment(watch.world.trade, { address: new PublicKey(address) });

describe('receipts that this watcher holds', () => {
    it('and that are in no leaf are reported, and those of which a leaf says less', async () => {
        watch = await createWatch();
        const commitment = await watch.world.deliver(0);
        const { sessions } = await manifestOf(commitment.address);
        const leaf = decodeLeaf(fromBase64(sessions[0]?.leaf ?? ''));
        const known = Buffer.from(leaf.tokenHash).toString('hex');
        const copies = {
            listCopies: () => [
                { tokenHash: known, bytes: leaf.bytes + 1n },
                { tokenHash: '11'.repeat(32), bytes: 5n },
            ],
        };
        expect(await watch.look({ copies })).toMatchObject({ watched: { wrong: 1 } });
        const reasons = watch.findings.list().map(({ reason, session }) => ({ reason, session }));
        expect(reasons).toContainEqual({ reason: 'RECEIPT_UNDERCUT', session: known });
        expect(reasons).toContainEqual({ reason: 'RECEIPT_OMITTED', session: '11'.repeat(32) });
        expect(watch.cases.listOpen()).toEqual([]);
    });
});

describe('a watcher that is killed', () => {
    it.each(['before', 'after'] as const)('%s its challenge was sent opens it once', async (moment) => {
        watch = await createWatch();
        const forged = await watch.world.forge(0, 2);
        const dying = {
            ...watch.chain,
            challenge: async (...input: Parameters<typeof watch.chain.challenge>) => {
                if (moment === 'after') await watch.chain.challenge(...input);
                throw new Error('killed');
            },
        };
        expect(await watch.look({ chain: dying })).toMatchObject({ watched: { waiting: 1 } });
        await watch.restart();
        expect(watch.findings.list()).toMatchObject([{ reason: 'LEAF_FORGED' }]);
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1 } });
        await watch.restart();
        await watch.look();
        expect((await commitmentOf(forged.address)).challengeCount).toBe(1);
        expect(watch.cases.listOpen()).toMatchObject([{ state: 'sent' }]);
    });
});

async function manifestOf(commitment: string): Promise<{ sessions: { leaf: string }[] }> {
    const response = await fetch(`${watch.world.committerUrl}/v1/commitments/${commitment}`);
    return (await response.json()) as { sessions: { leaf: string }[] };
}
