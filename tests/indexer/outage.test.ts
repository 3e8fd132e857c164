import type { IndexerStatus } from '@ocm/sdk/http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createActiveContract, type FundedTrade, testKeypair } from '../support/index.js';
import { dump, openIndex } from './index-of.js';
import { serveMarket } from './market.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

let trade: FundedTrade;
let proxy: RpcProxy;
let rpcUrl: string;
beforeAll(async () => {
    trade = await createActiveContract();
    ({ rpcUrl } = await serveMarket(trade));
    proxy = await startRpcProxy(rpcUrl);
});
afterEach(() => {
    proxy.meddle = () => undefined;
});
afterAll(async () => {
    await proxy.close();
    await trade.market.cluster.close();
});

describe('an RPC that refuses for a while', () => {
    it.each([
        [429, 'too many requests'],
        [503, 'unavailable'],
    ])('with %i (%s) is asked again with pauses, and nothing is lost', async (status) => {
        const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
        const index = await openIndex(proxy.url);
        let refusals = 0;
        // Every ninth request is refused, whatever it asks.
        proxy.meddle = () => {
            if (proxy.calls.length % 9 !== 0) return undefined;
            refusals += 1;
            return status;
        };
        await index.pass();
        expect(refusals).toBeGreaterThan(0);
        proxy.meddle = () => undefined;
        const undisturbed = await openIndex(rpcUrl);
        await undisturbed.pass();
        expect(await dump(index.database)).toEqual(await dump(undisturbed.database));
        await Promise.all([index.close(), undisturbed.close()]);
        quiet.mockRestore();
    });

    it('without end fails the pass by a code that names the remedy, and the next pass succeeds', async () => {
        const index = await openIndex(proxy.url);
        proxy.meddle = ({ method }) => (method === 'getTransaction' ? 503 : undefined);
        await expect(index.pass()).rejects.toMatchObject({
            code: 'MKT_RUNTIME__RPC_UNREACHABLE',
            message: expect.stringContaining('correct rpcUrl'),
        });
        const listed = await index.get<IndexerStatus>('/v1/status');
        expect(listed).toMatchObject({ ready: false, lagSecs: null });
        expect(listed.pendingTransactions).toBeGreaterThan(0);
        proxy.meddle = () => undefined;
        await index.pass();
        expect(await index.get('/v1/status')).toMatchObject({ ready: true, pendingTransactions: 0 });
        await index.close();
    });

    it('of one transaction only holds up no other', async () => {
        const index = await openIndex(proxy.url);
        const [newest] = await trade.market.connection.getSignaturesForAddress(trade.seller.address, { limit: 1 });
        proxy.meddle = ({ method, params }) =>
            method === 'getTransaction' && params[0] === newest!.signature ? () => null : undefined;
        expect(await index.pass()).toMatchObject({ unread: 1 });
        expect(await index.get('/v1/status')).toMatchObject({ ready: true, pendingTransactions: 1 });
        proxy.meddle = () => undefined;
        expect(await index.pass()).toMatchObject({ transactions: 1, unread: 0 });
        await index.close();
    });

    it('of another cluster is refused before anything is written', async () => {
        const index = await openIndex(proxy.url);
        await index.pass();
        const before = await dump(index.database);
        proxy.meddle = ({ method }) =>
            method === 'getGenesisHash' ? () => testKeypair('other').publicKey.toBase58() : undefined;
        await expect(index.pass()).rejects.toMatchObject({
            code: 'MKT_INDEXER__OTHER_CLUSTER',
            message: expect.stringContaining('--rebuild'),
        });
        expect(await dump(index.database)).toEqual(before);
        await index.close();
    });
});
