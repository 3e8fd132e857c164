import {
    computeSettlement,
    fetchClaims,
    fetchContract,
    findVaultAddress,
    getBeginClosingInstructions,
    getCloseCommitmentInstructions,
    getCloseContractInstructions,
    getFinishContractInstructions,
    getRefundContentProviderInstructions,
    getRetireCapacityClaimInstructions,
    getWithdrawExcessInstructions,
    getWithdrawOfferInstructions,
    TREASURY_INDEX,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    commitDelivery,
    cosignDelivery,
    createActiveContract,
    FEE_BASIS_POINTS,
    type FundedTrade,
    ownerBalance,
    readContract,
    releaseBond,
    send,
    settleDelivery,
    THOUSAND_TOKENS,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    tokenBalance,
    travelTo,
    withdrawPayout,
} from '../support/index.js';

const FUNDING = 10_000_000n;
const EXCESS = 1_000n;
/** 100 MB of receipted unicast at 5 000 base units per gigabyte. */
const GROSS = 500n;

async function closeTrade(trade: FundedTrade): Promise<void> {
    const { market, contract, seller, claim, offer, contentProvider } = trade;
    const claims = await fetchClaims(market.connection, contract.claims);
    await send(market, await getBeginClosingInstructions({ contract, claims }));
    travelTo(market, contract.genesisAt + 30n + BigInt(contract.settleWindowSecs));
    await send(market, await getFinishContractInstructions({ contract: contract.address }));
    const contentProviderOwner = contentProvider.owner.publicKey;
    await releaseBond(trade);
    const refund = { payer: market.deployer.publicKey, contentProviderOwner, contract };
    await send(market, await getRefundContentProviderInstructions(refund));
    await send(market, await getCloseContractInstructions({ contract }));
    const owner = seller.owner.publicKey;
    const retire = await getRetireCapacityClaimInstructions({ owner, capacityClaim: claim.address });
    const withdraw = await getWithdrawOfferInstructions({ owner, offer: offer.address });
    await send(market, [...retire, ...withdraw], [seller.owner]);
}

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('a trade in %s', (name) => {
    it('pays every payee exactly and returns every unit of the rest', async () => {
        const trade = await createActiveContract({ tokenProgram: TOKEN_PROGRAMS[name], funding: FUNDING });
        const { market, contract, contentProvider } = trade;
        expect(contract).toMatchObject({ state: 'active', depositedTotal: FUNDING });

        const contentProviderOwner = contentProvider.owner.publicKey;
        const excess = { contentProviderOwner, contract, amount: EXCESS };
        await send(market, await getWithdrawExcessInstructions(excess), [contentProvider.owner]);

        const commitment = await commitDelivery(trade);
        expect(commitment).toMatchObject({ state: 'committed', gross: GROSS, totalBytes: 100_000_000n });
        await cosignDelivery(trade, commitment);
        const { events } = await settleDelivery(trade, commitment);

        const expected = computeSettlement({
            gross: GROSS,
            topUp: 0n,
            penaltyBasisPoints: 0,
            feeBasisPoints: FEE_BASIS_POINTS,
            splits: contract.splits,
        });
        expect(events).toContainEqual(
            expect.objectContaining({
                name: 'DeliverySettled',
                data: expect.objectContaining({
                    gross: GROSS,
                    net: expected.net,
                    fee: expected.fee,
                    treasury: expected.treasury,
                    payouts: [...expected.payouts, 0n, 0n, 0n, 0n, 0n],
                }),
            }),
        );

        const places = [...contract.splits.keys(), TREASURY_INDEX];
        const owed = (await readContract(market, contract)).owed;
        for (const place of places) await withdrawPayout(trade, place);
        const payees = [...contract.splits.map(({ payee }) => payee), contract.treasury];
        const received = await Promise.all(payees.map((payee) => ownerBalance(market, market.mint, payee)));
        const sellerTokens = [THOUSAND_TOKENS, 0n, 0n, 0n];
        expect(received.map((amount, place) => amount - sellerTokens[place]!)).toEqual(
            places.map((place) => owed[place]),
        );

        travelTo(market, commitment.closableAt + 1n);
        await send(market, await getCloseCommitmentInstructions({ commitment }));
        await closeTrade(trade);
        expect(await fetchContract(market.connection, contract.address)).toBeNull();
        expect(await tokenBalance(market, findVaultAddress({ contract: contract.address }))).toBe(0n);
        expect(await ownerBalance(market, market.mint, contentProviderOwner)).toBe(THOUSAND_TOKENS - expected.net);
    });
});
