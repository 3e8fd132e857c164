import { toJson } from '@ocm/indexer';
import { getCloseCommitmentInstructions, listContracts, listDeliveryCommitments, listOffers } from '@ocm/sdk';
import type { IndexedAccountPage, IndexedEventPage, IndexerStatus } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    type FundedTrade,
    findTestCommitment,
    postOffer,
    readCommitment,
    send,
    settleDelivery,
    travelTo,
} from '../support/index.js';
import { openIndex, type TestIndex } from './index-of.js';
import { layOutMarket, serveMarket } from './market.js';

let trade: FundedTrade;
let index: TestIndex;
beforeAll(async () => {
    trade = await layOutMarket();
    index = await openIndex((await serveMarket(trade)).rpcUrl);
    await index.pass();
});
afterAll(async () => {
    await index.close();
    await trade.market.cluster.close();
});

describe('what happens after', () => {
    it('is in after the next pass: changed, new and closed accounts, and not read twice', async () => {
        const before = await index.get<IndexerStatus>('/v1/status');
        expect(before).toMatchObject({ ready: true, pendingTransactions: 0, staleAccounts: 0, lagSlots: 0 });
        expect(await index.pass()).toMatchObject({ transactions: 0, accounts: 0 });
        const open = await Promise.all(
            [1, 2].map((epoch) => readCommitment(trade, findTestCommitment(trade.contract, epoch))),
        );
        await settleDelivery(trade, open[0]!);
        await postOffer(trade.market, trade.seller, { index: 1, claims: [trade.claim.address] });
        const settled = await readCommitment(trade, findTestCommitment(trade.contract, 0));
        travelTo(trade.market, settled.closableAt + 1n);
        await send(trade.market, await getCloseCommitmentInstructions({ commitment: settled }));
        const summary = await index.pass();
        expect(summary.transactions).toBeGreaterThan(0);
        const { connection } = trade.market;
        for (const [path, list, count] of [
            ['contracts', listContracts, 1],
            ['commitments', listDeliveryCommitments, 2],
            ['offers', listOffers, 2],
        ] as const) {
            const { items } = await index.get<IndexedAccountPage>(`/v1/${path}`);
            const expected = (await list(connection)).map(toJson) as { address: string }[];
            expect(items.map(({ address, data }) => ({ ...data, address }))).toEqual(
                expected.toSorted((a, b) => (a.address < b.address ? -1 : 1)),
            );
            expect(items).toHaveLength(count);
        }
        const status = await index.get<IndexerStatus>('/v1/status');
        expect(status.indexedSlot).toBeGreaterThan(before.indexedSlot);
        const newest = await index.get<IndexedEventPage>('/v1/events?limit=1');
        expect(newest.items[0]!.slot).toBe(Math.max(...status.programs.map(({ slot }) => slot ?? 0)));
    });
});
