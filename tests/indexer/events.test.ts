import { toJson } from '@ocm/indexer';
import { decodeEvents, PROGRAM_IDS } from '@ocm/sdk';
import type { IndexedEvent } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FundedTrade } from '../support/index.js';
import { openIndex, readPages, type TestIndex } from './index-of.js';
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

describe('what the index says of events', () => {
    it('is every event of every transaction, in the order of slots, whatever the size of a page', async () => {
        const { connection } = trade.market;
        const listed = await Promise.all(
            Object.values(PROGRAM_IDS).map((id) => connection.getSignaturesForAddress(id)),
        );
        const signatures = [...new Set(listed.flat().map(({ signature }) => signature))];
        const expected: string[] = [];
        for (const signature of signatures) {
            const transaction = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
            for (const { program, name, data } of decodeEvents(transaction!))
                expected.push(
                    JSON.stringify([transaction!.slot, transaction!.blockTime, signature, program, name, toJson(data)]),
                );
        }
        const events = await readPages<IndexedEvent>(index, '/v1/events?order=asc', 7);
        const told = events.map((e) => JSON.stringify([e.slot, e.blockTime, e.signature, e.program, e.name, e.data]));
        expect(told.toSorted()).toEqual(expected.toSorted());
        expect(told.length).toBeGreaterThan(30);
        expect(events.map(({ slot }) => slot)).toEqual(events.map(({ slot }) => slot).toSorted((a, b) => a - b));
        expect(events.every(({ finalized }) => finalized)).toBe(true);
        expect((await readPages<IndexedEvent>(index, '/v1/events', 100)).toReversed()).toEqual(events);
    });

    it('can be asked for by contract, name, program, transaction and slot', async () => {
        const contract = trade.contract.address.toBase58();
        const all = await readPages<IndexedEvent>(index, '/v1/events', 100);
        const ask = (query: string) => readPages<IndexedEvent>(index, `/v1/events?${query}`, 3);
        const names = (e: IndexedEvent) => JSON.stringify(e.data).includes(`"${contract}"`);
        expect(await ask(`address=${contract}`)).toEqual(all.filter(names));
        expect(await ask('name=DeliverySettled')).toEqual(all.filter(({ name }) => name === 'DeliverySettled'));
        expect(await ask('program=governance')).toEqual(all.filter(({ program }) => program === 'governance'));
        const { signature, slot } = all[5]!;
        expect(await ask(`signature=${signature}`)).toEqual(all.filter((e) => e.signature === signature));
        expect(await ask(`fromSlot=${slot}&toSlot=${slot + 3}`)).toEqual(
            all.filter((e) => e.slot >= slot && e.slot <= slot + 3),
        );
    });
});
