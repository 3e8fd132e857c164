import { ACCOUNT_KINDS, toJson } from '@ocm/indexer';
import {
    decodeEvents,
    getCloseCommitmentInstructions,
    listContracts,
    listDeliveryCommitments,
    listOffers,
    PROGRAM_IDS,
} from '@ocm/sdk';
import { sha256, utf8 } from '@ocm/sdk/core';
import {
    type IndexedAccount,
    type IndexedAccountPage,
    type IndexedEvent,
    type IndexedEventPage,
    type IndexerStatus,
    indexedFields,
} from '@ocm/sdk/http';
import type { AccountInfo, PublicKey } from '@solana/web3.js';
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
    // What was read in a slot is final when the cluster says that the slot is.
    trade.market.cluster.advanceSlots(1);
    await index.pass();
});
afterAll(async () => {
    await index.close();
    await trade.market.cluster.close();
});

/** Follows `nextCursor` to the end. */
async function readPages<Item>(path: string, limit: number): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
        const separator = path.includes('?') ? '&' : '?';
        const at = `${path}${separator}limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`;
        const page = await index.get<{ items: Item[]; nextCursor: string | null }>(at);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        items.push(...page.items);
        cursor = page.nextCursor;
    }
    return items;
}

/** All accounts of the programs by the name of their type, decoded by the SDK. */
async function readChain(): Promise<Map<string, { address: string; data: unknown; info: AccountInfo<Buffer> }[]>> {
    const found = new Map<string, { address: string; data: unknown; info: AccountInfo<Buffer> }[]>();
    for (const { type, program, decode } of ACCOUNT_KINDS) {
        const prefix = Buffer.from(sha256(utf8(`account:${type}`)).subarray(0, 8));
        const all = await trade.market.connection.getProgramAccounts(PROGRAM_IDS[program]);
        found.set(
            type,
            all
                .filter(({ account }) => account.data.subarray(0, 8).equals(prefix))
                .map(({ pubkey, account }) => ({
                    address: pubkey.toBase58(),
                    data: toJson(decode(account.data)),
                    info: account,
                })),
        );
    }
    return found;
}

describe('what the index says of accounts', () => {
    it('is what the SDK reads from the chain, for every account of every type', async () => {
        const chain = await readChain();
        for (const { type, path } of ACCOUNT_KINDS) {
            const items = await readPages<IndexedAccount>(`/v1/${path}?raw=true`, 2);
            const expected = (chain.get(type) ?? [])
                .map(({ address, data, info }) => ({
                    address,
                    data,
                    finalized: true,
                    lamports: String(info.lamports),
                    raw: info.data.toString('base64'),
                }))
                .sort((a, b) => (a.address < b.address ? -1 : 1));
            expect(
                items.map(({ slot, ...item }) => item),
                type,
            ).toEqual(expected);
        }
        const present = [...chain].filter(([, accounts]) => accounts.length > 0).map(([type]) => type);
        for (const type of [
            'Contract',
            'DeliveryCommitment',
            'LeafChallenge',
            'Lot',
            'RewardPool',
            'Board',
            'Proposal',
        ])
            expect(present).toContain(type);
        const total = (await Promise.all(Object.values(PROGRAM_IDS).map((id) => countAccounts(id)))).reduce(
            (a, b) => a + b,
        );
        expect([...chain.values()].flat().length, 'no account is of a type that is left out').toBe(total);
    });

    it.each(Object.entries(indexedFields))('of type %s is described field by field', async (type, fields) => {
        const accounts = (await readChain()).get(type) ?? [];
        expect(accounts.length).toBeGreaterThan(0);
        for (const { data } of accounts)
            expect(Object.keys(data as object).toSorted()).toEqual(Object.keys(fields.shape).toSorted());
    });

    it('can be filtered by every field that the interface names', async () => {
        for (const { path, filters } of ACCOUNT_KINDS) {
            const all = await readPages<IndexedAccount>(`/v1/${path}`, 100);
            for (const { field } of filters) {
                for (const value of new Set(all.map(({ data }) => String(data[field])))) {
                    const some = await readPages<IndexedAccount>(`/v1/${path}?${field}=${value}`, 100);
                    expect(some, `${path} ${field}`).toEqual(all.filter(({ data }) => String(data[field]) === value));
                }
            }
        }
    });

    it('names one contract with its commitments, newest first', async () => {
        const address = trade.contract.address.toBase58();
        const contract = await index.get<{ commitments: IndexedAccount[]; moreCommitments: boolean }>(
            `/v1/contracts/${address}`,
        );
        expect(contract.commitments.map(({ data }) => [data.epoch, data.state])).toEqual([
            [2, 'committed'],
            [1, 'cosignedFinal'],
            [0, 'settled'],
        ]);
        expect(contract.moreCommitments).toBe(false);
        const missing = await index.inject(`/v1/contracts/${trade.seller.address.toBase58()}`);
        expect(missing.statusCode).toBe(404);
        expect(JSON.parse(missing.body)).toMatchObject({ code: 'MKT_INDEXER__ACCOUNT_UNKNOWN', status: 404 });
    });
});

async function countAccounts(program: PublicKey): Promise<number> {
    return (await trade.market.connection.getProgramAccounts(program)).length;
}

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
        const events = await readPages<IndexedEvent>('/v1/events?order=asc', 7);
        const told = events.map((e) => JSON.stringify([e.slot, e.blockTime, e.signature, e.program, e.name, e.data]));
        expect(told.toSorted()).toEqual(expected.toSorted());
        expect(told.length).toBeGreaterThan(30);
        expect(events.map(({ slot }) => slot)).toEqual(events.map(({ slot }) => slot).toSorted((a, b) => a - b));
        expect(events.every(({ finalized }) => finalized)).toBe(true);
        expect((await readPages<IndexedEvent>('/v1/events', 100)).toReversed()).toEqual(events);
    });

    it('can be asked for by contract, name, program, transaction and slot', async () => {
        const contract = trade.contract.address.toBase58();
        const all = await readPages<IndexedEvent>('/v1/events', 100);
        const ask = (query: string) => readPages<IndexedEvent>(`/v1/events?${query}`, 3);
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
