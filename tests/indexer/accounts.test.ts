import { ACCOUNT_KINDS, toJson } from '@ocm/indexer';
import { PROGRAM_IDS } from '@ocm/sdk';
import { sha256, utf8 } from '@ocm/sdk/core';
import { type IndexedAccount, indexedFields } from '@ocm/sdk/http';
import type { AccountInfo, PublicKey } from '@solana/web3.js';
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
    // What was read in a slot is final when the cluster says that the slot is.
    trade.market.cluster.advanceSlots(1);
    await index.pass();
});
afterAll(async () => {
    await index.close();
    await trade.market.cluster.close();
});

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
            const items = await readPages<IndexedAccount>(index, `/v1/${path}?raw=true`, 2);
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
            const all = await readPages<IndexedAccount>(index, `/v1/${path}`, 100);
            for (const { field } of filters) {
                for (const value of new Set(all.map(({ data }) => String(data[field])))) {
                    const some = await readPages<IndexedAccount>(index, `/v1/${path}?${field}=${value}`, 100);
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
