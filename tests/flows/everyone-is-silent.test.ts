import { fetchConfig, getPauseInstructions, PAUSE_BITS, type PauseBit } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    acceptOffer,
    answerInclusion,
    cancelContract,
    challengeLeaf,
    closeChallenge,
    closeOut,
    commitDelivery,
    commitSessions,
    commitTree,
    cosignDelivery,
    createActiveContract,
    expectMoney,
    expectRefusal,
    expireCommitment,
    type FundedTrade,
    failCommitment,
    fundContract,
    fundWallet,
    mintTokens,
    nowSecs,
    openTradeLedger,
    seedCommitment,
    send,
    settleDelivery,
    TEST_PARAMS,
    testKeypair,
    travel,
    travelTo,
} from '../support/index.js';

const FUNDING = 10_000_000n;
const BOND = TEST_PARAMS.challengeBond;
const WEEK_SECS = 7n * 86_400n;

/** The guardian's last act: all that can be paused, for as long as it may be. */
async function pauseEverything({ market }: FundedTrade): Promise<void> {
    const authority = market.guardian.publicKey;
    const bits = Object.keys(PAUSE_BITS) as PauseBit[];
    const until = nowSecs(market) + WEEK_SECS;
    await send(market, await getPauseInstructions({ authority, bits, until }), [market.deployer, market.guardian]);
}

describe('when buyer, seller and board fall silent, with everything paused', () => {
    it('a passer-by can bring every unit back to whose it is', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, contentProvider, offer, contract } = trade;
        const passerBy = testKeypair('passer-by');
        await fundWallet(market, passerBy);
        await mintTokens(market, { mint: market.mint, owner: passerBy.publicKey, amount: BOND });
        const ledger = await openTradeLedger(trade, { passerBy: passerBy.publicKey });

        // A second contract is not funded to its end. Of the first, three epochs stand in as many states:
        const half = await acceptOffer(market, contentProvider, offer);
        const proposed = { ...trade, contract: await fundContract(market, contentProvider, half, 1_000n) };
        // accepted and not settled; drawn and not proved, and nearly due; committed and in doubt, with unsigned traffic.
        const accepted = await commitDelivery(trade);
        await cosignDelivery(trade, accepted);
        const drawn = await seedCommitment(await commitSessions(trade, { overrides: { epoch: 1 } }));
        const doubted = await commitSessions(trade, { overrides: { epoch: 2 } });
        const unsigned = await commitDelivery(trade, { epoch: 2, kind: 1, ...commitTree([1_000_000n]) });
        const challenge = await challengeLeaf(doubted, passerBy, 17n);
        await answerInclusion(doubted, challenge);
        await pauseEverything(trade);

        // From here on nobody signs but the passer-by, who is nobody in the marketplace.
        const alone = { ...trade, market: { ...market, deployer: passerBy } };
        await settleDelivery(alone, accepted);
        travel(market, TEST_PARAMS.challengeResponseSecs + 1);
        await failCommitment({ ...doubted, trade: alone }, challenge);
        await closeChallenge(alone, challenge);
        travelTo(market, drawn.commitment.seededAt + BigInt(contract.proveWindowSecs) + 1n);
        await failCommitment({ ...drawn, trade: alone });
        travelTo(market, unsigned.deadline + 1n);
        await expireCommitment(alone, unsigned);

        await closeOut(alone, [accepted, drawn.commitment, doubted.commitment, unsigned]);

        const { contract: unfunded } = proposed;
        await cancelContract({ ...alone, contract: unfunded }, passerBy);
        await closeOut({ ...alone, contract: unfunded });

        // It was paused all the time, and well within the time that the protocol gives.
        const config = await fetchConfig(market.connection);
        expect(config!.pauseUntil).toBeGreaterThan(nowSecs(market));
        await expectRefusal(acceptOffer(market, contentProvider, offer), 'market', 'NewContractsPaused');
        // One epoch paid; half of 1 000 and of 250 to the buyer; three tenths of 1 000 to who was right in its doubt.
        await expectMoney(ledger, {
            contentProvider: -500n + 500n + 125n,
            passerBy: 300n,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n + 200n + 125n,
            sellerStake: -1_250n,
        });
    });
});
