import { fetchLeafChallenge, findLeafChallengeAddress } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
    answerEvidence,
    answerInclusion,
    challengeLeaf,
    commitSessions,
    fundWallet,
    mintTokens,
    ownerBalance,
    type ProvableCommitment,
    readChallenge,
    readCommitment,
    TEST_PARAMS,
    testKeypair,
    travelTo,
} from '../support/index.js';
import { createWatch, FUNDS, type Watch } from './world.js';

const BOND = TEST_PARAMS.challengeBond;
const NOWHERE = { committerUrl: 'http://127.0.0.1:1' };
let watch: Watch;
afterEach(() => watch.dispose());

const countOf = async (address: PublicKey) => (await readCommitment(watch.world.trade, { address })).challengeCount;

describe('a challenge that the operator answers', () => {
    /** An honest commitment whose manifest nobody serves, so that the watcher challenges two bytes at random. */
    async function challengeHonest(): Promise<ProvableCommitment> {
        const { trade } = watch.world;
        const provable = await commitSessions(trade);
        travelTo(trade.market, provable.commitment.committedAt + 20n);
        expect(await watch.look(NOWHERE)).toMatchObject({ watched: { wrong: 1 } });
        expect(watch.cases.listOpen()).toHaveLength(2);
        return provable;
    }
    async function answerAll(provable: ProvableCommitment): Promise<void> {
        const { trade } = watch.world;
        for (const { challenge: address } of watch.cases.listOpen()) {
            const challenge = await readChallenge(trade, new PublicKey(address));
            await answerInclusion(provable, challenge);
            await answerEvidence(provable, challenge, trade.seller.owner);
        }
    }

    it('costs the watcher its bond, which it records, and the commitment stands', async () => {
        watch = await createWatch();
        const { trade } = watch.world;
        const balance = () => ownerBalance(trade.market, trade.market.mint, trade.seller.owner.publicKey);
        const provable = await challengeHonest();
        const opened = watch.cases.listOpen().map(({ challenge }) => challenge);
        // A leaf that is shown to be in the tree is half of an answer.
        expect(await watch.look(NOWHERE)).toMatchObject({ pursued: { waiting: 2 } });
        const before = await balance();
        await answerAll(provable);
        expect(await watch.look(NOWHERE)).toMatchObject({ pursued: { closed: 2, failed: 0 } });
        expect(opened.map((challenge) => watch.cases.find(challenge))).toMatchObject([
            { state: 'closed', outcome: 'answered' },
            { state: 'closed', outcome: 'answered' },
        ]);
        expect(await watch.balance()).toBe(FUNDS - 2n * BOND);
        expect((await balance()) - before).toBe(2n * BOND);
        expect((await readCommitment(trade, provable.commitment)).state).toBe('committed');
    });

    it('is not repeated, also after a restart, and the next wrong commitment is challenged', async () => {
        // Enough for two at a time: what is lost is no longer at stake.
        watch = await createWatch({ maxBonds: 2n * BOND });
        const provable = await challengeHonest();
        await answerAll(provable);
        await watch.look(NOWHERE);
        await watch.restart();
        expect(watch.cases.bondsAtStake).toBe(0n);
        expect(await watch.look(NOWHERE)).toEqual({
            watched: { right: 0, wrong: 0, waiting: 0, failed: 0, unknown: 0 },
            pursued: { failed: 0, closed: 0, waiting: 0, troubled: 0 },
        });
        const forged = await watch.world.forge(1, 1);
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1 } });
        expect(watch.cases.listOpen()).toMatchObject([{ commitment: forged.address, state: 'sent' }]);
        expect(await countOf(provable.commitment.address)).toBe(2);
        expect(await countOf(new PublicKey(forged.address))).toBe(1);
    });

    it('costs no more than may ever be lost: then wrong commitments are only reported', async () => {
        watch = await createWatch({ maxLostBonds: 3n * BOND - 1n });
        await answerAll(await challengeHonest());
        await watch.look(NOWHERE);
        expect([watch.cases.lostBonds, watch.cases.bondsAtStake]).toEqual([2n * BOND, 0n]);
        await watch.restart();
        const forged = await watch.world.forge(1, 1);
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1 } });
        expect(await countOf(new PublicKey(forged.address))).toBe(0);
        expect(await watch.balance()).toBe(FUNDS - 2n * BOND);
    });
});

describe("a race for a challenge's number", () => {
    it('that is lost costs no bond, and the next number is taken', async () => {
        watch = await createWatch();
        const { trade } = watch.world;
        const { market } = trade;
        const forged = await watch.world.forge(0, 2);
        const commitment = await readCommitment(trade, { address: new PublicKey(forged.address) });
        const rival = testKeypair('rival');
        await fundWallet(market, rival);
        await mintTokens(market, { mint: market.mint, owner: rival.publicKey, amount: BOND });
        const addressOf = (index: number) => findLeafChallengeAddress({ commitment: commitment.address, index });
        const overtaken = {
            ...watch.chain,
            // Lands after this watcher has read the count and written its intent.
            challenge: async (...input: Parameters<typeof watch.chain.challenge>) => {
                await challengeLeaf({ trade, commitment } as ProvableCommitment, rival, input[0].target);
                return watch.chain.challenge(...input);
            },
        };
        expect(await watch.look({ chain: overtaken })).toMatchObject({ watched: { waiting: 1 } });
        expect(await watch.balance()).toBe(FUNDS);
        expect(watch.cases.listOpen()).toMatchObject([{ challenge: addressOf(0).toBase58(), state: 'intent' }]);

        // The same byte by another's hand is still another's challenge.
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1 } });
        expect(watch.cases.find(addressOf(0).toBase58())).toMatchObject({ state: 'dropped' });
        expect(watch.cases.listOpen()).toMatchObject([{ challenge: addressOf(1).toBase58(), state: 'sent' }]);
        expect(await watch.balance()).toBe(FUNDS - BOND);
        const challengers = [addressOf(0), addressOf(1)].map(async (address) =>
            (await fetchLeafChallenge(market.connection, address))?.challenger.toBase58(),
        );
        expect(await Promise.all(challengers)).toEqual([rival.publicKey.toBase58(), watch.wallet.publicKey.toBase58()]);
        await watch.restart();
        await watch.look();
        expect(await countOf(commitment.address)).toBe(2);
    });
});
