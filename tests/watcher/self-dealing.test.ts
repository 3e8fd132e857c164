import {
    fetchPartyKeys,
    findKeysSharedWithSeller,
    findSharedKeys,
    getSetHotKeyInstructions,
    HOT_SCOPES,
    type PartyRole,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
    createActiveContract,
    createTestOffer,
    nowSecs,
    readContract,
    send,
    testIssuer,
    testKeypair,
} from '../support/index.js';

type Trade = Awaited<ReturnType<typeof createTestOffer>>;
let trade: Trade;
afterEach(() => trade.market.cluster.close());

/** What the SDK warns of before an offer is accepted with an issuer. */
const warn = (issuer: PublicKey, owner: PublicKey = trade.contentProvider.owner.publicKey) =>
    findKeysSharedWithSeller(trade.market.connection, { contentProviderOwner: owner, offer: trade.offer, issuer });

describe('a content provider that looks at an offer', () => {
    it('is not warned where nothing is shared', async () => {
        trade = await createTestOffer();
        expect(await warn(testIssuer.publicKey)).toEqual([]);
    });

    it.each<[string, PartyRole[], (own: Trade['seller']) => PublicKey]>([
        ["seller's account", ['participant'], ({ address }) => address],
        // Of the test's seller the owner is paid too.
        ["seller's owner", ['owner', 'payout', 'payee'], ({ owner }) => owner.publicKey],
        ["seller's hot key", ['hot'], ({ hot }) => hot.publicKey],
    ])('is warned of an issuer key that is the %s', async (_, seller, keyOf) => {
        trade = await createTestOffer();
        const key = keyOf(trade.seller);
        expect(await warn(key)).toEqual([{ key: key.toBase58(), contentProvider: ['issuer'], seller }]);
    });

    it('is warned of an issuer key that a split pays', async () => {
        const payee = testKeypair('payee').publicKey;
        trade = await createTestOffer({ offer: { splits: [{ payee, basisPoints: 10_000 }] } });
        expect(await warn(payee)).toEqual([{ key: payee.toBase58(), contentProvider: ['issuer'], seller: ['payee'] }]);
    });

    it('is warned of a hot key of its own that the seller has too', async () => {
        trade = await createTestOffer();
        const { contentProvider, seller } = trade;
        await setHotKey(contentProvider.owner, seller.hot.publicKey);
        const shared = { key: seller.hot.publicKey.toBase58(), contentProvider: ['hot'], seller: ['hot'] };
        expect(await warn(testIssuer.publicKey)).toEqual([shared]);
    });

    it('is warned before it is registered', async () => {
        trade = await createTestOffer();
        const { hot } = trade.seller;
        expect(await warn(testIssuer.publicKey, hot.publicKey)).toEqual([
            { key: hot.publicKey.toBase58(), contentProvider: ['owner'], seller: ['hot'] },
        ]);
    });
});

describe('a contract', () => {
    it('has no shared keys, or the issuer that its seller holds', async () => {
        const key = testKeypair('seller hot');
        const active = await createActiveContract({ contract: { issuer: key.publicKey } });
        trade = active;
        const { market, contract, seller } = active;
        expect(seller.hot.publicKey).toEqual(key.publicKey);
        const shared = async () =>
            findSharedKeys(await fetchPartyKeys(market.connection, await readContract(market, contract)));
        const own = { key: key.publicKey.toBase58(), contentProvider: ['issuer'], seller: ['hot'] };
        expect(await shared()).toEqual([own]);
        await setHotKey(seller.owner, testKeypair('new hot').publicKey);
        expect(await shared()).toEqual([]);
    });
});

async function setHotKey(owner: Keypair, address: PublicKey): Promise<void> {
    const scopes = Object.keys(HOT_SCOPES) as (keyof typeof HOT_SCOPES)[];
    const hotKey = { address, scopes, expiresAt: nowSecs(trade.market) + 1_000n };
    const { market } = trade;
    await send(market, await getSetHotKeyInstructions({ owner: owner.publicKey, hotKey }), [owner]);
}
