import {
    fetchClaims,
    fetchOffer,
    findContractAddress,
    findOfferAddress,
    getAcceptOfferInstructions,
    getBeginClosingInstructions,
    getCancelContractInstructions,
    getPostOfferInstructions,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    acceptInput,
    claimCapacity,
    createTestMarket,
    fundContract,
    offerInput,
    readContract,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    TEST_SLA,
    testKeypair,
    travelTo,
} from '../support/index.js';

/** What a transaction of one instruction may use without asking for more. */
const DEFAULT_COMPUTE_UNITS = 200_000;

/** Every list of an offer full: four claims on four nodes, eight tiers, eight splits. */
async function createWidestOffer() {
    const market = await createTestMarket();
    const seller = await registerSeller(market);
    const contentProvider = await registerContentProvider(market);
    const claims = [];
    for (let index = 0; index < 4; index++) {
        const node = await registerNode(market, seller);
        claims.push((await claimCapacity(market, { seller, node })).address);
    }
    const splits = Array.from({ length: 8 }, (_, place) => ({
        payee: testKeypair(`payee ${place}`).publicKey,
        basisPoints: 1_250,
    }));
    const tiers = Array.from({ length: 8 }, (_, place) => ({ metric: place % 4, threshold: place, basisPoints: 100 }));
    const input = offerInput(market, seller, { claims, splits, sla: { ...TEST_SLA, tiers } });
    const posted = await send(market, await getPostOfferInstructions(input), [seller.owner]);
    const offer = await fetchOffer(market.connection, findOfferAddress({ participant: seller.address, index: 0 }));
    return { market, seller, contentProvider, offer: offer!, posted };
}

describe('the widest offer', () => {
    it('fits into single transactions and well into the compute budget', async () => {
        const { market, contentProvider, offer, posted } = await createWidestOffer();
        const claimShares = [25_000n, 25_000n, 25_000n, 25_000n];
        const input = await acceptInput(market, contentProvider, offer, { claimShares });
        const accepted = await send(market, await getAcceptOfferInstructions(input), [contentProvider.owner]);
        const seller = offer.participant;
        const address = findContractAddress({ contentProvider: contentProvider.address, seller, nonce: input.nonce });
        const contract = await fundContract(market, contentProvider, await readContract(market, { address }));
        travelTo(market, contract.genesisAt + 30n);
        const claims = await fetchClaims(market.connection, contract.claims);
        const closing = await send(market, await getBeginClosingInstructions({ contract, claims }));
        const units = [posted, accepted, closing].map(({ computeUnits }) => computeUnits);
        for (const used of units) expect(used).toBeLessThan(DEFAULT_COMPUTE_UNITS);
    });

    it('can be cancelled in one transaction', async () => {
        const { market, contentProvider, offer } = await createWidestOffer();
        const claimShares = [25_000n, 25_000n, 25_000n, 25_000n];
        const input = await acceptInput(market, contentProvider, offer, { claimShares });
        await send(market, await getAcceptOfferInstructions(input), [contentProvider.owner]);
        const seller = offer.participant;
        const address = findContractAddress({ contentProvider: contentProvider.address, seller, nonce: input.nonce });
        const contract = await readContract(market, { address });
        const authority = contentProvider.owner;
        const claims = await fetchClaims(market.connection, contract.claims);
        const cancel = { authority: authority.publicKey, contract, claims };
        const { computeUnits } = await send(market, await getCancelContractInstructions(cancel), [authority]);
        expect(computeUnits).toBeLessThan(DEFAULT_COMPUTE_UNITS);
    });
});
