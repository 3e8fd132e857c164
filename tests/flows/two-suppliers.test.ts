import {
    computeSettlement,
    fetchClaims,
    fetchNode,
    findVaultAddress,
    getBeginClosingInstructions,
    getFinishContractInstructions,
    getRefundContentProviderInstructions,
    TREASURY_INDEX,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    acceptOffer,
    bondContract,
    claimCapacity,
    commitDelivery,
    commitTree,
    cosignDelivery,
    createTestMarket,
    FEE_BASIS_POINTS,
    type FundedTrade,
    fundContract,
    ownerBalance,
    postOffer,
    readContract,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    settleDelivery,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    tokenBalance,
    travelTo,
    withdrawPayout,
} from '../support/index.js';

const FOOTPRINT = { kind: 'countrycode', value: 'de' } as const;
const FUNDING = 10_000_000n;

/** A seller who claims 500 Mbit/s towards one country and offers it alone, at a price of its own. */
async function createSupplier(market: TestMarket, name: string, price: bigint) {
    const seller = await registerSeller(market, { name });
    const node = await registerNode(market, seller);
    const claim = await claimCapacity(market, { seller, node, footprint: FOOTPRINT });
    const offer = await postOffer(market, seller, {
        claims: [claim.address],
        pricePerGigabyte: [price, price, price],
        commitFeePerEpoch: 0n,
        splits: [{ payee: seller.owner.publicKey, basisPoints: 10_000 }],
    });
    return { market, seller, node, claim, offer };
}

/** Buys 100 Mbit/s of a supplier, and the vault holds ten tokens. */
async function buyFrom(
    supplier: Awaited<ReturnType<typeof createSupplier>>,
    contentProvider: TestParticipant,
): Promise<FundedTrade> {
    const { market, offer } = supplier;
    const proposed = await acceptOffer(market, contentProvider, offer);
    const funded = await fundContract(market, contentProvider, proposed, FUNDING);
    const contract = await bondContract(market, supplier.seller, funded);
    return { ...supplier, contentProvider, contract };
}

/** Delivers 100 MB at most in epoch 0 and has it paid out; returns what the seller has received. */
async function deliver(trade: FundedTrade, bytes: bigint): Promise<bigint> {
    const { market, seller, contract } = trade;
    const owner = seller.owner.publicKey;
    const before = await ownerBalance(market, market.mint, owner);
    const commitment = await commitDelivery(trade, commitTree([bytes]));
    await cosignDelivery(trade, commitment);
    await settleDelivery(trade, commitment);
    await withdrawPayout(trade, 0);
    await withdrawPayout(trade, TREASURY_INDEX);
    expect((await readContract(market, contract)).settledCommitments).toBe(1);
    return (await ownerBalance(market, market.mint, owner)) - before;
}

/** Ends a contract in its time and returns the rest of its escrow. */
async function close({ market, contract, contentProvider }: FundedTrade): Promise<void> {
    const claims = await fetchClaims(market.connection, contract.claims);
    await send(market, await getBeginClosingInstructions({ contract, claims }));
    travelTo(market, contract.genesisAt + 30n + BigInt(contract.settleWindowSecs));
    await send(market, await getFinishContractInstructions({ contract: contract.address }));
    const payer = market.deployer.publicKey;
    const contentProviderOwner = contentProvider.owner.publicKey;
    await send(market, await getRefundContentProviderInstructions({ payer, contentProviderOwner, contract }));
}

describe('one content provider with two suppliers of one footprint', () => {
    it('pays each for what it delivered at its own price, and neither touches the other', async () => {
        const market = await createTestMarket();
        const contentProvider = await registerContentProvider(market);
        const first = await buyFrom(await createSupplier(market, 'first supplier', 5_000n), contentProvider);
        const second = await buyFrom(await createSupplier(market, 'second supplier', 8_000n), contentProvider);
        expect(first.claim.footprint).toEqual(second.claim.footprint);
        expect(first.contract.address).not.toEqual(second.contract.address);

        // 80 MB at 5 000 and 40 MB at 8 000 base units per gigabyte, of which the protocol takes 2 %.
        const paid = [await deliver(first, 80_000_000n), await deliver(second, 40_000_000n)];
        const settled = [400n, 320n].map((gross) =>
            computeSettlement({
                gross,
                topUp: 0n,
                penaltyBasisPoints: 0,
                feeBasisPoints: FEE_BASIS_POINTS,
                splits: first.contract.splits,
            }),
        );
        expect(paid).toEqual([392n, 314n]);
        expect(settled.map(({ payouts }) => payouts[0])).toEqual(paid);

        for (const trade of [first, second]) {
            const node = await fetchNode(market.connection, trade.node.address);
            expect(node?.committedKilobitsPerSecond).toBe(100_000n);
        }
        travelTo(market, second.contract.genesisAt + 30n);
        await close(first);
        // The second contract runs on and holds its escrow when the first is over.
        expect((await readContract(market, second.contract)).state).toBe('active');
        expect(await tokenBalance(market, findVaultAddress({ contract: second.contract.address }))).toBe(
            FUNDING - 320n,
        );
        await close(second);

        const owner = contentProvider.owner.publicKey;
        expect(await ownerBalance(market, market.mint, owner)).toBe(THOUSAND_TOKENS - 400n - 320n);
        expect(await ownerBalance(market, market.mint, market.treasury.publicKey)).toBe(400n + 320n - 392n - 314n);
        for (const trade of [first, second]) {
            const node = await fetchNode(market.connection, trade.node.address);
            expect(node?.committedKilobitsPerSecond).toBe(0n);
        }
    });
});
